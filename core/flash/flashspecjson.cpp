#include "core/flash/flashspecjson.h"

#include "core/base/digest.h"
#include "core/base/memberjson.h"
#include "core/base/shownurl.h"
#include "core/base/wrongvalue.h"

#include <QDir>
#include <QJsonArray>

#include <array>

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype MaxDrives = 64;
constexpr qsizetype MaxPartitionName = 36; // UTF-16 units, UEFI specification 5.3.3

struct TextMember {
    QLatin1StringView name;
    QString FlashSpec::*text;
};
constexpr std::array Texts = std::to_array<TextMember>({
    {"image"_L1, &FlashSpec::image},
    {"sha256"_L1, &FlashSpec::sha256},
    {"bmap"_L1, &FlashSpec::bmap},
    {"partition"_L1, &FlashSpec::partition},
});

struct ListMember {
    QLatin1StringView name;
    QStringList FlashSpec::*texts;
};
constexpr std::array Lists = std::to_array<ListMember>({
    {"drives"_L1, &FlashSpec::drives},
    {"erase"_L1, &FlashSpec::erase},
});

bool isGiven(const QJsonValue &value)
{
    return !value.isUndefined() && !value.isNull();
}

Result<QStringList> readTexts(const QJsonObject &object, QLatin1StringView member)
{
    const QJsonValue value = object.value(member);
    if (isGiven(value) && !value.isArray())
        return wrongValue(member, valueText(value), "a list of strings");
    QStringList texts;
    for (const QJsonValue text : value.toArray()) {
        if (!text.isString() || text.toString().isEmpty())
            return wrongValue(member, valueText(text), "a name");
        texts.append(text.toString());
    }
    return texts;
}

Result<bool> readBool(const QJsonObject &object, QLatin1StringView member, const bool otherwise)
{
    const QJsonValue value = object.value(member);
    if (isGiven(value) && !value.isBool())
        return wrongValue(member, valueText(value), "true or false");
    return value.toBool(otherwise);
}

Result<void> checkUrl(const QUrl &url)
{
    const QString text = shownUrl(url);
    if (!url.isValid() || url.isRelative() || url.host().isEmpty())
        return fail(ErrorCode::InvalidUrl,
                    u"url: \"%1\" is not an absolute URL such as https://host/file"_s.arg(text));
    if (url.scheme() != "http"_L1 && url.scheme() != "https"_L1)
        return fail(ErrorCode::UnsupportedScheme,
                    u"url: \"%1\" has the scheme %2; http and https are supported"_s.arg(
                        text, url.scheme()));
    return {};
}

Result<void> checkSource(const FlashSpec &spec)
{
    const bool isNone = spec.image.isEmpty() && spec.url.isEmpty();
    if (isNone && !spec.partition.isEmpty())
        return {}; // its image is known by the partition's name
    if (isNone || (!spec.image.isEmpty() && !spec.url.isEmpty()))
        return fail(ErrorCode::InvalidArgument, u"image: give either an image or a URL"_s);
    if (!spec.image.isEmpty() && !QDir::isAbsolutePath(spec.image))
        return wrongValue("image"_L1, spec.image, "an absolute path");
    return spec.url.isEmpty() ? Result<void>() : checkUrl(spec.url);
}

Result<void> checkDrives(const QStringList &drives)
{
    if (drives.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"drives: name at least one drive"_s);
    if (drives.size() > MaxDrives)
        return wrongValue("drives"_L1, QString::number(drives.size()), "at most 64");
    for (const QString &drive : drives)
        if (drive.isEmpty() || drives.count(drive) > 1)
            return wrongValue("drives"_L1, drive, "a drive that is named once");
    return {};
}

} // namespace

Result<void> checkSpec(const FlashSpec &spec)
{
    if (const auto checked = checkSource(spec); !checked)
        return checked;
    if (const auto checked = checkDrives(spec.drives); !checked)
        return checked;
    if (!spec.sha256.isEmpty() && !isSha256Hex(spec.sha256))
        return wrongValue("sha256"_L1, spec.sha256, "64 hexadecimal digits");
    if (!spec.bmap.isEmpty() && !QDir::isAbsolutePath(spec.bmap))
        return wrongValue("bmap"_L1, spec.bmap, "an absolute path");
    if (spec.partition.size() > MaxPartitionName)
        return wrongValue("partition"_L1, spec.partition, "at most 36 characters");
    if (spec.bytesPerSecond < 0)
        return wrongValue("bytesPerSecond"_L1, QString::number(spec.bytesPerSecond), "0 or more");
    return {};
}

Result<FlashSpec> flashSpecFromJson(const QJsonObject &object)
{
    FlashSpec spec;
    for (const TextMember &member : Texts) {
        auto text = readText(object, member.name);
        if (!text)
            return fail(text.error());
        spec.*member.text = std::move(*text);
    }
    for (const ListMember &member : Lists) {
        auto texts = readTexts(object, member.name);
        if (!texts)
            return fail(texts.error());
        spec.*member.texts = std::move(*texts);
    }
    const auto url = readText(object, "url"_L1);
    if (!url)
        return fail(url.error());
    spec.url = QUrl(url->trimmed(), QUrl::TolerantMode);
    if (!url->isEmpty() && !spec.url.isValid())
        return fail(checkUrl(spec.url).error());
    const auto verify = readBool(object, "verify"_L1, true);
    if (!verify)
        return fail(verify.error());
    spec.verify = *verify ? Verify::Yes : Verify::No;
    const auto keep = readBool(object, "keep"_L1, false);
    if (!keep)
        return fail(keep.error());
    spec.keep = *keep ? FlashSpec::Keep::Yes : FlashSpec::Keep::No;
    const auto limit = readInteger(object, "bytesPerSecond"_L1);
    if (!limit)
        return fail(limit.error());
    spec.bytesPerSecond = *limit;
    spec.sha256 = spec.sha256.toLower();
    if (const auto checked = checkSpec(spec); !checked)
        return fail(checked.error());
    return spec;
}

QJsonObject toJson(const FlashSpec &spec)
{
    QJsonObject object;
    for (const TextMember &member : Texts)
        if (const QString &text = spec.*member.text; !text.isEmpty())
            object.insert(member.name, text);
    for (const ListMember &member : Lists)
        if (const QStringList &texts = spec.*member.texts; !texts.isEmpty())
            object.insert(member.name, QJsonArray::fromStringList(texts));
    if (!spec.url.isEmpty())
        object.insert("url"_L1, spec.url.toString(QUrl::FullyEncoded));
    if (spec.bytesPerSecond > 0)
        object.insert("bytesPerSecond"_L1, spec.bytesPerSecond);
    if (spec.verify == Verify::No)
        object.insert("verify"_L1, false);
    if (spec.keep == FlashSpec::Keep::Yes)
        object.insert("keep"_L1, true);
    return object;
}

} // namespace core
