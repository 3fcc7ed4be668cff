#include "app/servicenotifier.h"
#include "core/base/files.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>

using namespace app;
using namespace Qt::StringLiterals;

namespace {

/// A service manager's end: the socket that $NOTIFY_SOCKET names.
class NotifySocket
{
public:
    /// `name` is a path, or a name after '@'.
    explicit NotifySocket(const QByteArray &name)
        : m_socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0))
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::copy(name.begin(), name.end(), address.sun_path);
        if (name.startsWith('@'))
            address.sun_path[0] = '\0';
        const auto length = socklen_t(offsetof(sockaddr_un, sun_path) + size_t(name.size()));
        if (::bind(m_socket.get(), reinterpret_cast<const sockaddr *>(&address), length) != 0)
            qFatal("cannot bind %s", name.constData());
    }

    /// The next datagram; empty when there is none.
    [[nodiscard]] QByteArray next() const
    {
        QByteArray datagram(4096, '\0');
        const ssize_t size = ::recv(m_socket.get(), datagram.data(), size_t(datagram.size()), 0);
        return datagram.first(std::max<ssize_t>(size, 0));
    }

private:
    core::FileDescriptor m_socket;
};

} // namespace

class TestServiceNotifier : public QObject
{
    Q_OBJECT
private slots:
    void cleanup() { qunsetenv("NOTIFY_SOCKET"); }

    void everyWordIsOneDatagram_data()
    {
        QTest::addColumn<bool>("isAbstract");
        QTest::newRow("path") << false;
        QTest::newRow("abstract") << true;
    }
    void everyWordIsOneDatagram()
    {
        QFETCH(bool, isAbstract);
        const QTemporaryDir folder;
        const QByteArray path = folder.filePath(u"notify"_s).toLocal8Bit();
        const QByteArray name = isAbstract ? '@' + path : path;
        const NotifySocket manager(name);
        qputenv("NOTIFY_SOCKET", name);
        const ServiceNotifier service = ServiceNotifier::take();
        QVERIFY(!qEnvironmentVariableIsSet("NOTIFY_SOCKET")); // children do not speak for us
        QCOMPARE(manager.next(), QByteArray());
        service.tellReady(u"Serving größe"_s);
        QCOMPARE(manager.next(), QByteArray("READY=1\nSTATUS=Serving größe\n"));
        service.tellStatus(u"Two lines\nare one: READY=1"_s);
        QCOMPARE(manager.next(), QByteArray("STATUS=Two lines are one: READY=1\n"));
        service.tellStopping(u"Ending"_s);
        QCOMPARE(manager.next(), QByteArray("STOPPING=1\nSTATUS=Ending\n"));
    }

    void whereNobodyListensNothingHappens_data()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::newRow("not asked") << QByteArray();
        QTest::newRow("no such socket") << QByteArray("/nonexistent/notify");
        QTest::newRow("not an address") << QByteArray("vsock:2:1234");
        QTest::newRow("too long") << '/' + QByteArray(200, 'x');
    }
    void whereNobodyListensNothingHappens()
    {
        QFETCH(QByteArray, address);
        qputenv("NOTIFY_SOCKET", address);
        if (!address.isEmpty())
            QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"."_s));
        ServiceNotifier::take().tellReady(u"Serving"_s);
    }
};

QTEST_GUILESS_MAIN(TestServiceNotifier)
#include "tst_servicenotifier.moc"
