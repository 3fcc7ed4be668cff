#pragma once
#include <QByteArray>
#include <QProcess>
#include <QTemporaryDir>
#include <QUrl>

namespace tests {

/// A real nginx on a free port of 127.0.0.1, serving a folder of its own.
/// Threads: used on the test's thread.
class NginxServer
{
public:
    enum class Address { Ipv4, Ipv6 };
    struct Options {
        /// Limits each connection, 0 does not.
        qint64 bytesPerSecond = 0;
        Address address = Address::Ipv4;
        /// Paths of PEM files; with them it speaks TLS, HTTP/2 too.
        QString certificate;
        QString key;
    };

    /// `bytesPerSecond` limits each connection, 0 does not.
    explicit NginxServer(qint64 bytesPerSecond = 0);
    explicit NginxServer(Options options);
    ~NginxServer();
    Q_DISABLE_COPY_MOVE(NginxServer)

    /// Whether it runs; false when nginx is not installed.
    [[nodiscard]] bool isRunning() const { return m_isRunning; }
    void addFile(const QString &name, const QByteArray &content);
    [[nodiscard]] QUrl url(const QString &name) const;

    struct Access {
        int status = 0;
        QByteArray range; ///< the Range header, "-" when there was none
        qint64 bodyBytes = 0;
        QByteArray protocol; ///< such as "HTTP/1.1"
    };
    /// The finished requests so far, in the order they ended.
    [[nodiscard]] QList<Access> accesses() const;
    /// Of clients, at this moment; -1 when it does not say. A request whose connection is gone is among accesses().
    [[nodiscard]] int connections() const;

private:
    [[nodiscard]] QByteArray config() const;
    [[nodiscard]] bool isTls() const { return !m_options.certificate.isEmpty(); }
    [[nodiscard]] QByteArray listener() const;

    const Options m_options;
    QTemporaryDir m_folder;
    QProcess m_process;
    quint16 m_port = 0;
    bool m_isRunning = false;
};

} // namespace tests
