#include "app/filelimit.h"

#include <QTest>

#include <sys/resource.h>

using namespace app;

namespace {

rlimit limits()
{
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0)
        qFatal("no limits");
    return files;
}

void setSoft(rlim_t count)
{
    rlimit files = limits();
    files.rlim_cur = count;
    if (::setrlimit(RLIMIT_NOFILE, &files) != 0)
        qFatal("the limit cannot be set");
}

} // namespace

class TestFileLimit : public QObject
{
    Q_OBJECT
private slots:
    void manyConnectionsRaiseIt()
    {
        setSoft(300);
        QVERIFY(makeRoomForConnections(256));
        QVERIFY(limits().rlim_cur > 256);
        QVERIFY(limits().rlim_cur < 1024);
    }

    void itIsNeverLowered()
    {
        setSoft(1024);
        QVERIFY(makeRoomForConnections(1));
        QCOMPARE(limits().rlim_cur, rlim_t(1024));
    }

    void whatTheSystemDoesNotAllowIsSaid()
    {
        setSoft(300);
        rlimit files = limits();
        const auto most = int(std::min<rlim_t>(files.rlim_max, 1'000'000));
        files.rlim_max = rlim_t(most);
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &files), 0);
        const auto room = makeRoomForConnections(most);
        QVERIFY(!room);
        QCOMPARE(room.error().code, core::ErrorCode::LimitExceeded);
        QVERIFY(room.error().context.contains(QString::number(most)));
        QCOMPARE(limits().rlim_cur, rlim_t(most));
    }
};

QTEST_GUILESS_MAIN(TestFileLimit)
#include "tst_filelimit.moc"
