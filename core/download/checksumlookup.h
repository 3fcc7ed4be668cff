#pragma once
#include "core/download/downloadsource.h"
#include "core/download/expectedchecksum.h"

#include <QEventLoop>

#include <stop_token>

namespace core {

/// Finds a download's checksum in a list on the server, before the transfer.
///
///   a URL was given: the list there must have a line for the file
///   "auto": <url>.sha256, <url>.sha512, SHA256SUMS and SHA512SUMS beside the file are asked for;
///   the first that has a line counts, but for weak algorithms
///
/// Threads: made and run on the job's thread, in a local event loop.
class ChecksumLookup final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChecksumLookup)
public:
    static constexpr qint64 LargestList = qint64(1) << 20;

    /// `source` is prepared and outlives this.
    explicit ChecksumLookup(DownloadSource &source)
        : m_source(source)
    { }

    /// nullopt when "auto" found nothing, or `stop` came first. For a URL fails as the request does,
    /// with `InvalidArgument` when the list names the file not at all, contradictorily, or is too large.
    [[nodiscard]] Result<std::optional<ExpectedChecksum>> run(const DownloadSpec &spec,
                                                              const std::stop_token &stop);

private:
    [[nodiscard]] Result<std::optional<ExpectedChecksum>>
    lookIn(const QUrl &list, const QString &name, const std::stop_token &stop);
    /// The text at `url`; may be cut short when `stop` came.
    [[nodiscard]] Result<QByteArray> fetch(const QUrl &url, const std::stop_token &stop);
    void onHead(const ResponseHead &head);
    void readAll();
    void endWith(std::optional<Error> error);

    DownloadSource &m_source;
    QEventLoop m_loop;
    std::unique_ptr<HttpFetch> m_fetch;
    bool m_isAccepted = false;
    QByteArray m_text;
    std::optional<Error> m_error;
};

/// Where "auto" looks for the checksum of the file at `url`, in this order.
[[nodiscard]] QList<QUrl> checksumListsFor(const QUrl &url);

} // namespace core
