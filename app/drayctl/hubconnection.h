#pragma once
#include "app/datafolder.h"
#include "core/base/result.h"

#include <QJsonObject>
#include <QObject>
#include <QTimer>
#include <QWebSocket>

#include <chrono>
#include <functional>

namespace app {

/// drayctl's line to the hub: JSON-RPC over the native socket (PROTOCOL.md §1), one call at a time,
/// each waited for. Notifications that arrive meanwhile are kept for waitForNotification().
class HubConnection final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HubConnection)
public:
    /// An answer of the hub that is no result: JSON-RPC code, our error name ("notFound"), sentence.
    struct Refusal {
        int code = 0;
        QString type;
        QString message;
    };
    template<typename T>
    using Answer = tl::expected<T, Refusal>;

    HubConnection();
    ~HubConnection() override;

    /// Connects to the hub of `dataDir` and says hello. Fails with `NotFound` when there is none.
    [[nodiscard]] core::Result<QJsonObject> open(const QString &dataDir);
    /// From here on open() and calls wait that long in all, also one that waits already; a call that is
    /// late is refused as "network". Unless this is said they wait as long as the hub is there.
    void limitWaiting(std::chrono::milliseconds patience);
    /// The hub that open() found.
    [[nodiscard]] const Endpoint &endpoint() const { return m_endpoint; }
    [[nodiscard]] Answer<QJsonObject> call(const QString &method, const QJsonObject &params = {});
    struct Call {
        QString method;
        QJsonObject params;
    };
    /// All of them, in as few messages as possible; answers in that order.
    [[nodiscard]] QList<Answer<QJsonObject>> callEach(const QList<Call> &calls);
    /// The next notification, oldest first; nullopt when the hub went away.
    [[nodiscard]] std::optional<QJsonObject> waitForNotification();
    /// The oldest that has arrived; nullopt when none has.
    [[nodiscard]] std::optional<QJsonObject> takeNotification();

private:
    void send(const QJsonValue &message);
    [[nodiscard]] QJsonObject request(const QString &method, const QJsonObject &params);
    [[nodiscard]] Answer<QJsonObject> takeAnswer(qint64 id);
    void waitForMessageBudget();
    void onText(const QString &text);
    void onClosed();
    void onLate();

    Endpoint m_endpoint;
    QWebSocket m_socket;
    QTimer m_patience;
    QList<QJsonObject> m_notifications;
    QHash<qint64, QJsonObject> m_replies; // by request id
    int m_messagesSent = 0;
    qint64 m_lastId = 0;
    bool m_isOpen = false;
    bool m_isLate = false;

signals:
    void progressed();
};

} // namespace app
