#include "app/drayctl/processtree.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

#include <csignal>

using namespace Qt::StringLiterals;

class TestProcessTree : public QObject
{
    Q_OBJECT
private slots:
    void parentsComeBeforeTheirChildren_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("a usual name") << u"shell"_s;
        QTest::newRow("a name like the end of a name") << u"a) S 1 1"_s;
    }
    void parentsComeBeforeTheirChildren()
    {
        QFETCH(const QString, name);
        QVERIFY(QFile::link(u"/bin/sh"_s, m_folder.filePath(name)));
        QProcess process;
        begin(process, m_folder.filePath(name));
        const QList<pid_t> found = app::processesBelow(::getpid());
        QCOMPARE(found.size(), 3);
        QCOMPARE(found[0], pid_t(process.processId()));
        QCOMPARE(app::processesBelow(found[0]), found.sliced(1));
        QCOMPARE(app::processesBelow(found[1]), found.sliced(2));
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished());
    }

    void allOfThemAreSignalled()
    {
        QProcess process;
        begin(process, u"/bin/sh"_s);
        const pid_t innermost = app::processesBelow(::getpid()).constLast();
        app::signalBelow(::getpid(), SIGKILL);
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), SIGKILL);
        QTRY_VERIFY(isDead(innermost));
    }

private:
    /// Three of them, each waiting for the next; the last, for its stdin to end.
    void begin(QProcess &process, const QString &shell)
    {
        process.start(shell, {u"-c"_s, u"sh -c 'sh -c \"echo begun; read end\"; :'; :"_s});
        QVERIFY(process.waitForReadyRead());
    }

    /// One that nobody has waited for is there.
    static bool isDead(pid_t process)
    {
        QFile file(u"/proc/%1/stat"_s.arg(process));
        return !file.open(QIODevice::ReadOnly) || file.readAll().contains(") Z ");
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestProcessTree)
#include "tst_processtree.moc"
