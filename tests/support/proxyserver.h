#pragma once
#include <QByteArray>
#include <QProcess>
#include <QTemporaryDir>

namespace tests {

/// A real proxy on a free port of 127.0.0.1: tinyproxy or microsocks.
/// Threads: used on the test's thread.
class ProxyServer
{
public:
    enum class Kind { Http, Socks5 };
    struct Login {
        QString user;
        QString password;
    };

    /// With a `login` it serves nobody else.
    explicit ProxyServer(Kind kind, const Login &login = {});
    ~ProxyServer();
    Q_DISABLE_COPY_MOVE(ProxyServer)

    /// Whether it runs; false when the program is not installed.
    [[nodiscard]] bool isRunning() const { return m_isRunning; }
    /// "127.0.0.1:port"
    [[nodiscard]] QString address() const;
    /// What it wrote about its connections so far.
    [[nodiscard]] QByteArray log();

private:
    void start(const QString &program, const QStringList &arguments);
    [[nodiscard]] bool writeConfig(const Login &login) const;

    QTemporaryDir m_folder;
    QProcess m_process;
    QByteArray m_log;
    quint16 m_port = 0;
    bool m_isRunning = false;
};

} // namespace tests
