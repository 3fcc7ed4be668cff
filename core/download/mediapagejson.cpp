#include "core/download/mediapagejson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace core {

using namespace Qt::StringLiterals;

namespace {

qint64 sizeOf(const QJsonObject &format)
{
    const qint64 exact = format.value("filesize"_L1).toInteger(-1);
    return exact > 0 ? exact : format.value("filesize_approx"_L1).toInteger(-1);
}

QList<qint64> sizesOf(const QJsonObject &page)
{
    QList<qint64> sizes;
    for (const QJsonValue format : page.value("requested_formats"_L1).toArray())
        sizes.append(sizeOf(format.toObject()));
    return sizes.isEmpty() ? QList{sizeOf(page)} : sizes;
}

void collect(QList<QUrl> &addresses, const QJsonObject &format)
{
    for (const QLatin1StringView member : {"url"_L1, "manifest_url"_L1, "fragment_base_url"_L1})
        if (const QString text = format.value(member).toString(); !text.isEmpty())
            addresses.append(QUrl(text, QUrl::TolerantMode));
    for (const QJsonValue fragment : format.value("fragments"_L1).toArray())
        collect(addresses, fragment.toObject());
}

QList<QUrl> addressesOf(const QJsonObject &page)
{
    QList<QUrl> addresses;
    collect(addresses, page);
    for (const QLatin1StringView list : {"requested_formats"_L1, "formats"_L1})
        for (const QJsonValue format : page.value(list).toArray())
            collect(addresses, format.toObject());
    for (const QJsonValue language : page.value("requested_subtitles"_L1).toObject())
        collect(addresses, language.toObject());
    return addresses;
}

std::optional<MediaPage::Item> itemFrom(const QJsonObject &entry)
{
    QString address = entry.value("url"_L1).toString();
    if (address.isEmpty())
        address = entry.value("webpage_url"_L1).toString();
    const QUrl url(address, QUrl::TolerantMode);
    const bool isWeb = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
    if (!isWeb || url.host().isEmpty())
        return std::nullopt;
    return MediaPage::Item{url, entry.value("title"_L1).toString()};
}

} // namespace

Result<MediaPage> mediaPageFromJson(const QByteArray &text)
{
    const QJsonObject page = QJsonDocument::fromJson(text).object();
    if (page.isEmpty())
        return fail(ErrorCode::ProtocolViolation, u"yt-dlp said nothing that can be read"_s);
    MediaPage found;
    found.title = page.value("title"_L1).toString();
    const QString type = page.value("_type"_L1).toString();
    found.isList = type == "playlist"_L1 || type == "multi_video"_L1;
    if (!found.isList) {
        found.sizes = sizesOf(page);
        found.addresses = addressesOf(page);
        return found;
    }
    for (const QJsonValue entry : page.value("entries"_L1).toArray())
        if (const auto item = itemFrom(entry.toObject()))
            found.items.append(*item);
    return found;
}

} // namespace core
