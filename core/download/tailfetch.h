#pragma once
#include "core/download/acceptrule.h"
#include "core/download/httpfetch.h"
#include "core/download/tailcopy.h"

namespace core {

/// Fetches the last bytes of a lease a second time, into memory, while its owner goes on.
/// Exactly one of completed, failed, changed and differed is emitted, unless it is destroyed before.
/// Threads: lives on the job's thread. Do not destroy it inside one of its own signals.
class TailFetch final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TailFetch)
public:
    /// `fetch` asks for `asked` and is not started; the bytes are of the file `known` describes.
    TailFetch(std::unique_ptr<HttpFetch> fetch, const AskedRange &asked, RemoteIdentity known);

    void start() { m_fetch->start(); }
    void abort();
    /// What the owner of the lease brought next. False when this one brought other bytes.
    [[nodiscard]] bool addFirst(std::span<const char> bytes)
    {
        return m_copy.add(TailCopy::Side::First, bytes);
    }
    [[nodiscard]] std::span<const char> bytesFrom(qint64 position) const
    {
        return m_copy.secondFrom(position);
    }

signals:
    void bytesReceived(qint64 count);
    void completed();
    void failed();
    void changed(const core::ResponseHead &head);
    void differed();

private:
    void onHead(const ResponseHead &head);
    void onBytes();

    std::unique_ptr<HttpFetch> m_fetch;
    const AskedRange m_asked;
    const RemoteIdentity m_known;
    TailCopy m_copy;
    bool m_isAccepted = false;
};

} // namespace core
