#include "tests/support/proxyserver.h"

#include "tests/support/freeport.h"

#include <QFile>
#include <QStandardPaths>
#include <QTcpSocket>
#include <QTest>

namespace tests {

using namespace Qt::StringLiterals;

ProxyServer::ProxyServer(Kind kind, const Login &login)
    : m_port(freePort())
{
    const bool isHttp = kind == Kind::Http;
    const QString program =
        QStandardPaths::findExecutable(isHttp ? u"tinyproxy"_s : u"microsocks"_s);
    if (program.isEmpty() || (isHttp && !writeConfig(login)))
        return;
    QStringList arguments{u"-i"_s, u"127.0.0.1"_s, u"-p"_s, QString::number(m_port)};
    if (!login.user.isEmpty())
        arguments += {u"-u"_s, login.user, u"-P"_s, login.password};
    start(program,
          isHttp ? QStringList{u"-d"_s, u"-c"_s, m_folder.filePath(u"tinyproxy.conf"_s)}
                 : arguments);
}

ProxyServer::~ProxyServer()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(5000))
        m_process.kill();
    m_process.waitForFinished();
}

void ProxyServer::start(const QString &program, const QStringList &arguments)
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(program, arguments);
    m_isRunning = QTest::qWaitFor(
        [this] {
            QTcpSocket socket;
            socket.connectToHost(QHostAddress::LocalHost, m_port);
            return socket.waitForConnected(100);
        },
        10'000);
}

bool ProxyServer::writeConfig(const Login &login) const
{
    QByteArray config = "Listen 127.0.0.1\nPort " + QByteArray::number(m_port)
        + "\nMaxClients 100\nTimeout 60\nLogLevel Connect\n";
    if (!login.user.isEmpty())
        config += "BasicAuth " + login.user.toUtf8() + ' ' + login.password.toUtf8() + '\n';
    QFile file(m_folder.filePath(u"tinyproxy.conf"_s));
    return file.open(QIODevice::WriteOnly) && file.write(config) == config.size();
}

QString ProxyServer::address() const
{
    return u"127.0.0.1:%1"_s.arg(m_port);
}

QByteArray ProxyServer::log()
{
    m_process.waitForReadyRead(0);
    m_log += m_process.readAll();
    return m_log;
}

} // namespace tests
