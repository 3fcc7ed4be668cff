#pragma once
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>

#include <functional>

namespace tests {

/// Stands for UDisks2 on a private bus: writes down every call and answers as the test says.
/// Threads: answers in the event loop of the test's thread; the code under test runs on another.
class MockUDisks : public QDBusVirtualObject
{
    Q_OBJECT

public:
    /// Makes the answer to a call. An invalid message: none is sent.
    using Answer = std::function<QDBusMessage(const QDBusMessage &call)>;

    /// Takes UDisks2's name on a connection of its own to the bus at `address`.
    explicit MockUDisks(const QString &address);
    ~MockUDisks() override;

    /// "sdb1 Unmount", "dm_2d0 Unmount": the calls so far.
    [[nodiscard]] QStringList calls() const { return m_calls; }
    /// The options of the last call.
    [[nodiscard]] QVariantMap lastOptions() const { return m_lastOptions; }
    /// How calls of `method` are answered from here on; without one, emptily.
    void onCall(const QString &method, const Answer &answer) { m_answers[method] = answer; }
    /// Sends an answer that was held back.
    void send(const QDBusMessage &answer) { m_bus.send(answer); }

    [[nodiscard]] static Answer error(const QString &name, const QString &message);
    /// The descriptor of the file at `path`, opened with `flags`.
    [[nodiscard]] static Answer descriptor(const QString &path, int flags);

    [[nodiscard]] QString introspect(const QString &path) const override;
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &connection) override;

private:
    QDBusConnection m_bus;
    QStringList m_calls;
    QVariantMap m_lastOptions;
    QMap<QString, Answer> m_answers;
};

} // namespace tests
