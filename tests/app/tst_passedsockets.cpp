#include "app/passedsockets.h"

#include <QTest>

#include <fcntl.h>
#include <unistd.h>

using namespace app;
using namespace Qt::StringLiterals;

class TestPassedSockets : public QObject
{
    Q_OBJECT
private slots:
    void theDescriptorsFromThreeOnAreTaken()
    {
        keepOpen(3);
        keepOpen(4);
        pass(QByteArray::number(::getpid()), "2");
        const auto sockets = takePassedSockets();
        QVERIFY(sockets);
        QCOMPARE(*sockets, (QList<int>{3, 4}));
        for (const int socket : *sockets)
            QVERIFY((::fcntl(socket, F_GETFD) & FD_CLOEXEC) != 0);
        for (const char *name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"})
            QVERIFY2(!qEnvironmentVariableIsSet(name), name);
        QVERIFY(takePassedSockets()->isEmpty());
    }

    void nothingIsTakenOfAnother_data()
    {
        QTest::addColumn<QByteArray>("process");
        QTest::newRow("another process") << QByteArray::number(::getppid());
        QTest::newRow("nobody") << QByteArray();
        QTest::newRow("not a number") << QByteArray("self");
    }
    void nothingIsTakenOfAnother()
    {
        QFETCH(QByteArray, process);
        pass(process, "1");
        const auto sockets = takePassedSockets();
        QVERIFY(sockets);
        QVERIFY(sockets->isEmpty());
    }

    void falsePromisesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("count");
        for (const char *count : {"", "-1", "two", "65", "99999999999"})
            QTest::newRow(count) << QByteArray(count);
    }
    void falsePromisesAreNamed()
    {
        QFETCH(QByteArray, count);
        pass(QByteArray::number(::getpid()), count);
        const auto sockets = takePassedSockets();
        QVERIFY(!sockets);
        QCOMPARE(sockets.error().code, core::ErrorCode::InvalidArgument);
        QVERIFY(sockets.error().context.contains(u"LISTEN_FDS"_s));
    }

private:
    static void pass(const QByteArray &process, const QByteArray &count)
    {
        qputenv("LISTEN_PID", process);
        qputenv("LISTEN_FDS", count);
        qputenv("LISTEN_FDNAMES", "dray.socket");
    }

    /// Where nothing is open at `descriptor`, something is; what the test's runner opened stays.
    static void keepOpen(int descriptor)
    {
        if (::fcntl(descriptor, F_GETFD) < 0)
            QCOMPARE(::dup2(STDIN_FILENO, descriptor), descriptor);
    }
};

QTEST_GUILESS_MAIN(TestPassedSockets)
#include "tst_passedsockets.moc"
