#pragma once
#include "core/download/endproof.h"
#include "core/download/proxyrule.h"
#include "core/download/redirects.h"
#include "core/download/responsehead.h"
#include "core/download/retrypolicy.h"
#include "core/download/targetguard.h"

#include <QElapsedTimer>
#include <QFutureWatcher>
#include <QNetworkReply>
#include <QTimer>

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace core {

class CountingAccess;

/// What one GET asks for.
struct FetchRequest {
    QUrl url;
    QList<HeaderLine> headers;
    QString userAgent;
    /// "bytes=0-", empty for the whole file.
    QByteArray range;
    QByteArray ifRange;
    /// Which way it goes, for messages; the network access sees to it.
    ProxyRule proxy;
    TargetGuard guard;
    /// The job names the proxy: then it has to be one that the job may reach.
    bool isProxyGiven = false;
    /// The whole is measured by its reader: an end that nothing proves needs no second answer.
    bool hasChecksum = false;
    qint64 readBufferBytes = qint64(1) << 20;
    RequestTimeouts timeouts;
};

struct FetchEnd {
    /// Why the body ended early; nullopt when it ended as announced.
    std::optional<Error> error;
    /// For the user: what the end is known by when it is other than he may think; else empty.
    QString praise;
};

/// One GET, redirects included: HTTP/1.1, identity coding asked for, a bounded read buffer so that
/// TCP slows the sender down when nobody reads.
///
/// Before a request that may lead to this machine its host is looked up, on a thread of its own.
///
/// headReady once → bytesReady any number of times → ended once, after the last byte was read.
/// abort() and the destructor end it silently.
/// Threads: lives on the job's thread. Do not destroy it inside one of its own signals.
class HttpFetch final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HttpFetch)
public:
    HttpFetch(CountingAccess &manager, FetchRequest request);
    ~HttpFetch() override;

    /// The request carries If-Range.
    [[nodiscard]] bool isConditional() const { return !m_request.ifRange.isEmpty(); }
    void start();
    void abort();
    /// Bytes that read() gives at once.
    [[nodiscard]] qint64 bytesAvailable() const;
    /// Reads what is there, at most the buffer. `ended` may follow from the event loop.
    [[nodiscard]] qint64 read(std::span<char> buffer);

    /// What `ended` said, when it was emitted already.
    [[nodiscard]] const std::optional<FetchEnd> &end() const { return m_end; }

signals:
    void headReady(const core::ResponseHead &head);
    void bytesReady();
    void ended(const core::FetchEnd &end);

private:
    void send();
    /// What the guard has to agree to; empty: nothing.
    [[nodiscard]] QUrl guardedUrl() const;
    void onGuardAnswered();
    void ask();
    [[nodiscard]] QNetworkRequest networkRequest() const;
    void onHead();
    void follow(const QByteArray &location);
    void onFinished();
    void onTimeout();
    void endWith(std::optional<Error> error);
    void endWhenDrained();
    void proveEnd();
    [[nodiscard]] EndProof::Way takeProofWay();
    void dropReply();
    [[nodiscard]] Error replyError() const;
    /// Where the request went, for messages: the URL without login, and the proxy.
    [[nodiscard]] QString shownWay() const;

    CountingAccess &m_manager;
    const FetchRequest m_request;
    RedirectTrail m_trail;
    std::unique_ptr<QNetworkReply> m_reply;
    /// Cut off; destroyed outside their own signals.
    std::vector<std::unique_ptr<QNetworkReply>> m_dropped;
    std::unique_ptr<EndProof> m_proof;
    QFutureWatcher<std::optional<Error>> m_guarded;
    QTimer m_timer;
    QElapsedTimer m_sinceHead;
    qint64 m_received = 0;
    bool m_isSent = false;
    bool m_hasHead = false;
    bool m_isFinished = false;
    EndProof::Way m_proofWay = EndProof::Way::None;
    bool m_isAborted = false;
    QString m_praise;
    std::optional<Error> m_error;
    std::optional<FetchEnd> m_end;
};

} // namespace core
