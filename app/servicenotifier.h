#pragma once
#include <QByteArray>
#include <QString>

namespace app {

/// Tells systemd how the program does, as sd_notify(3) describes: one datagram for each call to the
/// socket that $NOTIFY_SOCKET names. Says nothing where nobody asked for it. What cannot be sent is
/// logged and changes nothing.
class ServiceNotifier final
{
public:
    /// Takes $NOTIFY_SOCKET out of the environment, so that no child process speaks for us. Call it
    /// before any thread starts.
    [[nodiscard]] static ServiceNotifier take();

    /// `status` is the line that `systemctl status` shows.
    void tellReady(const QString &status) const;
    void tellStopping(const QString &status) const;
    void tellStatus(const QString &status) const;

private:
    explicit ServiceNotifier(QByteArray address);
    void send(const QByteArray &assignments) const;

    QByteArray m_address; // a path, or a name after '@' (abstract); empty: nobody asked
};

} // namespace app
