#include "app/singleinstance.h"

#include <QDataStream>
#include <QLocalSocket>

namespace app {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds AnswerTimeout = 3s;
constexpr char Received = '\x06'; // ASCII ACK

QString socketPath(const QString &dataDir)
{
    return dataDir + u"/window.sock"_s;
}

} // namespace

SingleInstance::SingleInstance(const QString &dataDir, QObject *parent)
    : QObject(parent)
    , m_path(socketPath(dataDir))
    , m_server(this)
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::onConnection);
}

core::Result<void> SingleInstance::listen()
{
    // The lock on the data folder is ours, so whoever left this socket is gone.
    QLocalServer::removeServer(m_path);
    if (m_server.listen(m_path))
        return {};
    return core::fail(core::ErrorCode::FileAccess, u"%1: %2"_s.arg(m_path, m_server.errorString()));
}

bool SingleInstance::handOver(const QString &dataDir, const QStringList &arguments)
{
    QLocalSocket socket;
    socket.connectToServer(socketPath(dataDir));
    if (!socket.waitForConnected(int(AnswerTimeout.count())))
        return false;
    QDataStream stream(&socket);
    stream << arguments;
    char answer = 0;
    return socket.waitForReadyRead(int(AnswerTimeout.count())) && socket.getChar(&answer)
        && answer == Received;
}

void SingleInstance::onConnection()
{
    QLocalSocket *socket = m_server.nextPendingConnection();
    connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
    connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
        QDataStream stream(socket);
        QStringList arguments;
        stream.startTransaction();
        stream >> arguments;
        if (!stream.commitTransaction())
            return;
        socket->putChar(Received);
        emit argumentsReceived(arguments);
    });
}

} // namespace app
