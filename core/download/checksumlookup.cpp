#include "core/download/checksumlookup.h"

#include "core/base/checksumlist.h"
#include "core/base/logging.h"
#include "core/base/shownurl.h"

#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 ReadBytes = qint64(64) << 10;

Error noLine(const QUrl &list, const QString &name)
{
    return {ErrorCode::InvalidArgument,
            u"checksumFrom: %1 has no line, or more than one, for %2"_s.arg(shownUrl(list), name)};
}

} // namespace

QList<QUrl> checksumListsFor(const QUrl &url)
{
    const QUrl file = url.adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment);
    if (file.fileName().isEmpty())
        return {};
    QList<QUrl> lists;
    for (const QString &ending : {u".sha256"_s, u".sha512"_s}) {
        QUrl list = file;
        list.setPath(file.path(QUrl::FullyEncoded) + ending, QUrl::TolerantMode);
        lists.append(list);
    }
    for (const QString &name : {u"SHA256SUMS"_s, u"SHA512SUMS"_s})
        lists.append(file.adjusted(QUrl::RemoveFilename).resolved(QUrl(name)));
    return lists;
}

Result<std::optional<ExpectedChecksum>> ChecksumLookup::run(const DownloadSpec &spec,
                                                            const std::stop_token &stop)
{
    const QString name = spec.url.fileName(QUrl::FullyDecoded);
    if (spec.checksumFrom != "auto"_L1) {
        const QUrl list(spec.checksumFrom);
        const auto found = lookIn(list, name, stop);
        if (found && !*found && !stop.stop_requested())
            return fail(noLine(list, name));
        return found;
    }
    for (const QUrl &list : checksumListsFor(spec.url)) {
        const auto found = lookIn(list, name, stop);
        if (stop.stop_requested())
            return std::optional<ExpectedChecksum>();
        if (!found)
            qCInfo(lcDownload).noquote() << "no checksum:" << found.error().context;
        else if (*found && !isWeak((*found)->checksum.algorithm))
            return found;
    }
    return std::optional<ExpectedChecksum>();
}

Result<std::optional<ExpectedChecksum>>
ChecksumLookup::lookIn(const QUrl &list, const QString &name, const std::stop_token &stop)
{
    const auto text = fetch(list, stop);
    if (!text)
        return fail(text.error());
    const auto found = stop.stop_requested() ? std::nullopt : findChecksum(*text, name);
    if (!found)
        return std::optional<ExpectedChecksum>();
    return std::optional(ExpectedChecksum{*found, shownUrl(list)});
}

Result<QByteArray> ChecksumLookup::fetch(const QUrl &url, const std::stop_token &stop)
{
    m_text.clear();
    m_error.reset();
    m_isAccepted = false;
    m_fetch = m_source.fetchText(url);
    connect(m_fetch.get(), &HttpFetch::headReady, this, &ChecksumLookup::onHead);
    connect(m_fetch.get(), &HttpFetch::bytesReady, this, &ChecksumLookup::readAll);
    connect(m_fetch.get(), &HttpFetch::ended, this,
            [this](const FetchEnd &end) { endWith(end.error); });
    const std::stop_callback onStop(stop, [this] {
        QMetaObject::invokeMethod(
            &m_loop, [this] { m_loop.exit(); }, Qt::QueuedConnection);
    });
    QMetaObject::invokeMethod(m_fetch.get(), &HttpFetch::start, Qt::QueuedConnection);
    m_loop.exec();
    m_fetch.reset();
    if (m_error)
        return fail(*m_error);
    return m_text;
}

void ChecksumLookup::onHead(const ResponseHead &head)
{
    m_isAccepted = head.status == 200 && head.contentEncoding.isEmpty();
    if (!m_isAccepted)
        return endWith(statusError(head.status, shownUrl(head.url)));
    readAll();
}

void ChecksumLookup::readAll()
{
    if (!m_isAccepted || m_error)
        return;
    std::array<char, size_t(ReadBytes)> buffer;
    for (qint64 count = m_fetch->read(buffer); count > 0; count = m_fetch->read(buffer)) {
        m_text.append(buffer.data(), count);
        if (m_text.size() > LargestList)
            return endWith(
                Error{ErrorCode::InvalidArgument,
                      u"a list of checksums is larger than %1 bytes"_s.arg(LargestList)});
    }
}

void ChecksumLookup::endWith(std::optional<Error> error)
{
    if (!m_error)
        m_error = std::move(error);
    m_fetch->disconnect(this);
    m_loop.exit();
}

} // namespace core
