#include "core/download/showworker.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// Programs of a desktop that write down what they were called with.
struct Desktop {
    Desktop()
    {
        qputenv("PATH", QFile::encodeName(folder.path()));
        qputenv("DISPLAY", ":77");
        qunsetenv("WAYLAND_DISPLAY");
        file = folder.filePath(u"my file, 50%.txt"_s);
        QFile made(file);
        QVERIFY(made.open(QIODevice::WriteOnly));
    }
    /// `name` writes its arguments to "<name>.log", then does what `more` says.
    void give(const QString &name, const QByteArray &more) const
    {
        QFile script(folder.filePath(name));
        QVERIFY(script.open(QIODevice::WriteOnly));
        script.write("#!/bin/sh\nprintf '%s\\n' \"$@\" > '" + QFile::encodeName(log(name)) + "'\n"
                     + more + '\n');
        script.close();
        QVERIFY(script.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
    }
    [[nodiscard]] QString log(const QString &name) const
    {
        return folder.filePath(name + ".log"_L1);
    }
    [[nodiscard]] QStringList told(const QString &name) const
    {
        QFile written(log(name));
        if (!written.open(QIODevice::ReadOnly))
            return {};
        return QString::fromUtf8(written.readAll().trimmed()).split(u'\n');
    }
    Result<Outcome> show(ShowWorker::How how, Milliseconds patience = 60s)
    {
        ShowWorker worker(file, how, patience);
        return worker.run({}, progress);
    }

    QTemporaryDir folder;
    QString file;
    ProgressCell progress;
};

using How = ShowWorker::How;

} // namespace

class ShowWorkerTest : public QObject
{
    Q_OBJECT
    const QByteArray m_path = qgetenv("PATH");

private slots:
    void cleanup() { qputenv("PATH", m_path); }

    void opensTheFileAsItIs()
    {
        Desktop desktop;
        desktop.give(u"xdg-open"_s, "exit 0");
        QCOMPARE(desktop.show(How::Open), Result<Outcome>(Outcome::Completed));
        QCOMPARE(desktop.told(u"xdg-open"_s), QStringList(desktop.file));
        QVERIFY(desktop.progress.takeDetails()->message.contains(desktop.file));
    }

    void saysWhyItCannotOpen_data()
    {
        QTest::addColumn<QByteArray>("script"); // empty: xdg-open is not there
        QTest::addColumn<QByteArray>("display");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("says");
        QTest::newRow("not installed")
            << QByteArray() << QByteArray(":0") << ErrorCode::Unsupported << u"xdg-utils"_s;
        QTest::newRow("no desktop")
            << QByteArray("exit 0") << QByteArray() << ErrorCode::Unsupported << u"WAYLAND"_s;
        QTest::newRow("no program for it")
            << QByteArray("exit 3") << QByteArray(":0") << ErrorCode::Unsupported << u"opens"_s;
        QTest::newRow("the program failed")
            << QByteArray("exit 4") << QByteArray(":0") << ErrorCode::Internal << u"code 4"_s;
        QTest::newRow("it crashed")
            << QByteArray("kill -9 $$") << QByteArray(":0") << ErrorCode::Internal << u"xdg-open"_s;
    }
    void saysWhyItCannotOpen()
    {
        QFETCH(QByteArray, script);
        QFETCH(QByteArray, display);
        QFETCH(QString, says);
        Desktop desktop;
        qputenv("DISPLAY", display);
        if (!script.isEmpty())
            desktop.give(u"xdg-open"_s, script);
        for (const How how : {How::Open, How::Reveal}) {
            const auto shown = desktop.show(how);
            QVERIFY(!shown);
            QTEST(shown.error().code, "code");
            QVERIFY2(shown.error().context.contains(says), qPrintable(shown.error().context));
        }
    }

    void aViewerThatGoesOnIsLeftAlone()
    {
        Desktop desktop;
        desktop.give(u"xdg-open"_s,
                     "read line < '" + QFile::encodeName(desktop.file) + ".pipe'\n"
                         + "echo \"$line\" > '" + QFile::encodeName(desktop.log(u"end"_s)) + "'");
        const QByteArray pipe = QFile::encodeName(desktop.file + ".pipe"_L1);
        QCOMPARE(::mkfifo(pipe.constData(), 0600), 0);
        QCOMPARE(desktop.show(How::Open, 40ms), Result<Outcome>(Outcome::Completed));
        QFile writer(QFile::decodeName(pipe));
        QVERIFY(writer.open(QIODevice::WriteOnly)); // somebody still reads
        writer.write("closed\n");
        writer.close();
        QTRY_COMPARE(desktop.told(u"end"_s), QStringList(u"closed"_s));
    }

    void stoppingEndsTheWaitingAlone()
    {
        Desktop desktop;
        const QByteArray pipe = QFile::encodeName(desktop.file + ".pipe"_L1);
        QCOMPARE(::mkfifo(pipe.constData(), 0600), 0);
        desktop.give(u"xdg-open"_s, "read line < '" + pipe + '\'');
        std::stop_source stop;
        stop.request_stop();
        ShowWorker worker(desktop.file, How::Open, 60s);
        QCOMPARE(worker.run(stop.get_token(), desktop.progress), Result<Outcome>(Outcome::Stopped));
        QFile writer(QFile::decodeName(pipe));
        QVERIFY(writer.open(QIODevice::WriteOnly)); // it went on reading, and ends with this
    }

    void asksTheFileManager()
    {
        Desktop desktop;
        desktop.give(u"dbus-send"_s, "exit 0");
        QCOMPARE(desktop.show(How::Reveal), Result<Outcome>(Outcome::Completed));
        const QStringList told = desktop.told(u"dbus-send"_s);
        QVERIFY(told.contains(u"org.freedesktop.FileManager1.ShowItems"_s));
        const QString uri = u"array:string:file://%1/my%20file%2C%2050%25.txt"_s;
        QVERIFY2(told.contains(QString(uri).replace("%1"_L1, desktop.folder.path())),
                 qPrintable(told.join(u'\n')));
    }

    void opensTheFolderWhenNoFileManagerAnswers()
    {
        Desktop desktop;
        desktop.give(u"xdg-open"_s, "exit 0");
        QCOMPARE(desktop.show(How::Reveal), Result<Outcome>(Outcome::Completed));
        QCOMPARE(desktop.told(u"xdg-open"_s), QStringList(desktop.folder.path()));
        desktop.give(u"dbus-send"_s, "exit 1");
        QFile::remove(desktop.log(u"xdg-open"_s));
        QCOMPARE(desktop.show(How::Reveal), Result<Outcome>(Outcome::Completed));
        QCOMPARE(desktop.told(u"xdg-open"_s), QStringList(desktop.folder.path()));
    }

    void aFileThatIsGoneIsSaid()
    {
        Desktop desktop;
        QVERIFY(QFile::remove(desktop.file));
        const auto shown = desktop.show(How::Open);
        QVERIFY(!shown);
        QCOMPARE(shown.error().code, ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(ShowWorkerTest)
#include "tst_showworker.moc"
