#include "tests/support/nginxserver.h"

#include "tests/support/freeport.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTcpSocket>
#include <QTest>

namespace tests {

using namespace Qt::StringLiterals;

namespace {

bool write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

} // namespace

NginxServer::NginxServer(qint64 bytesPerSecond)
    : NginxServer(Options{.bytesPerSecond = bytesPerSecond})
{ }

NginxServer::NginxServer(Options options)
    : m_options(std::move(options))
    , m_port(freePort())
{
    QDir(m_folder.path()).mkdir(u"www"_s);
    // Workers run as nobody when the master is root.
    QFile::setPermissions(m_folder.path(), QFile::Permissions(0x7755));
    const QString nginx =
        QStandardPaths::findExecutable(u"nginx"_s, {u"/usr/sbin"_s, u"/usr/bin"_s});
    if (nginx.isEmpty() || !write(m_folder.filePath(u"nginx.conf"_s), config()))
        return;
    m_process.start(nginx,
                    {u"-p"_s, m_folder.path(), u"-c"_s, u"nginx.conf"_s, u"-e"_s,
                     m_folder.filePath(u"error.log"_s)});
    const QHostAddress address(m_options.address == Address::Ipv6 ? QHostAddress::LocalHostIPv6
                                                                  : QHostAddress::LocalHost);
    m_isRunning = QTest::qWaitFor(
        [this, &address] {
            QTcpSocket socket;
            socket.connectToHost(address, m_port);
            return socket.waitForConnected(100);
        },
        10'000);
}

NginxServer::~NginxServer()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(5000))
        m_process.kill();
    m_process.waitForFinished();
}

void NginxServer::addFile(const QString &name, const QByteArray &content)
{
    if (!write(m_folder.filePath(u"www/"_s + name), content))
        qFatal("cannot write the file to serve");
}

QUrl NginxServer::url(const QString &name) const
{
    const QString host = m_options.address == Address::Ipv6 ? u"[::1]"_s : u"127.0.0.1"_s;
    return QUrl(u"%1://%2:%3/%4"_s.arg(isTls() ? u"https"_s : u"http"_s, host,
                                       QString::number(m_port), name));
}

QList<NginxServer::Access> NginxServer::accesses() const
{
    QFile log(m_folder.filePath(u"access.log"_s));
    QList<Access> result;
    if (!log.open(QIODevice::ReadOnly))
        return result;
    for (const QByteArray &line : log.readAll().split('\n')) {
        const QList<QByteArray> words = line.split(' ');
        if (words.size() == 4)
            result.append({words[0].toInt(), words[1], words[2].toLongLong(), words[3]});
    }
    return result;
}

int NginxServer::connections() const
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, m_port);
    socket.write("GET /connections HTTP/1.0\r\n\r\n");
    while (socket.waitForReadyRead())
        ;
    static const QRegularExpression active(u"Active connections: (\\d+)"_s);
    const auto match = active.match(QString::fromLatin1(socket.readAll()));
    return match.hasMatch() ? match.captured(1).toInt() - 1 : -1; // this one is no client's
}

QByteArray NginxServer::listener() const
{
    const QByteArray host = m_options.address == Address::Ipv6 ? "[::1]:" : "127.0.0.1:";
    const QByteArray place = host + QByteArray::number(m_port);
    if (!isTls())
        return place + ";\n";
    return place + " ssl http2;\nssl_certificate " + m_options.certificate.toUtf8()
        + ";\nssl_certificate_key " + m_options.key.toUtf8() + ";\n";
}

QByteArray NginxServer::config() const
{
    const QByteArray folder = m_folder.path().toUtf8();
    QByteArray paths;
    for (const char *what : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
        paths += QByteArray(what) + "_temp_path " + folder + "/tmp;\n";
    return "daemon off;\nworker_processes 1;\npid " + folder + "/pid;\nevents {}\nhttp {\n" + paths
        + "log_format ranges '$status $http_range $body_bytes_sent $server_protocol';\naccess_log "
        + folder + "/access.log ranges;\nsendfile on;\nserver {\nlisten " + listener() + "root "
        + folder + "/www;\nlimit_rate " + QByteArray::number(m_options.bytesPerSecond)
        + ";\nlocation = /connections { stub_status; access_log off; }\n}\n}\n";
}

} // namespace tests
