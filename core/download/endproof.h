#pragma once
#include "core/base/result.h"
#include "core/download/responsehead.h"
#include "core/download/retrypolicy.h"

#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>

class QNetworkAccessManager;

namespace core {

/// Proves that a body came whole whose length was never told: nothing else tells a server that is
/// done from a connection that broke (RFC 9112 §8).
///
///   kept connection   after a chunked body that ended well the connection is still there: a HEAD
///                     that needs another one tells that it did. Only where no second connection
///                     can be open, which would take it
///   second answer     where the server closes after each answer, where the end of a TLS connection
///                     is the end of the file, and where there may be several connections: the file
///                     is asked for again and counted.
///                     QNetworkAccessManager (6.4) keeps to itself whether close_notify came, which
///                     is what proves such an end (RFC 9112 §9.8, RFC 8446 §6.1)
///                     A connection that breaks at the same byte both times is not found out: only
///                     a checksum does that, and whoever has one needs no second answer
///
/// ended is emitted once. Threads: lives on the job's thread. Do not destroy it inside its signal.
class EndProof final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EndProof)
public:
    /// What is to be proven.
    struct Body {
        qint64 bytes = 0;
        std::chrono::milliseconds took{0};
    };
    enum class Way { None, KeptConnection, SecondAnswer };
    /// How the end of the body after `head` is proven; None when a length or a checksum does it, and
    /// where nobody could: without TLS the end of the connection is the end (RFC 9112 §6.3).
    [[nodiscard]] static Way wayFor(const ResponseHead &head);

    /// `request` is the one that was answered.
    EndProof(QNetworkAccessManager &manager, QNetworkRequest request, RequestTimeouts timeouts);
    ~EndProof() override;

    void askOnKeptConnection();
    /// Reads no faster than the body came, so that a limit is kept.
    void countSecondAnswer(const Body &body);

signals:
    /// nullopt: the body is whole. Else why it may not be.
    void ended(const std::optional<core::Error> &doubt);

private:
    void onSecondHead();
    void readSome();
    void onSecondEnd();
    void doubt(const QString &why);
    void endWith(const std::optional<Error> &doubt);

    QNetworkAccessManager &m_manager;
    const QNetworkRequest m_request;
    const RequestTimeouts m_timeouts;
    Body m_body;
    std::unique_ptr<QNetworkReply> m_reply;
    QTimer m_silence;
    QTimer m_pace;
    std::chrono::steady_clock::time_point m_begin;
    qint64 m_counted = 0;
    bool m_hasEnded = false;
};

} // namespace core
