#include "core/download/afteractionjson.h"
#include "core/download/commandworker.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

const CommandFacts Facts{u"/d/my file {url}.zip"_s, u"http://h/a b"_s, u"7"_s, u"abc"_s, 42};

QJsonValue parsed(const QByteArray &json)
{
    return QJsonDocument::fromJson("{\"after\":" + json + '}').object()[u"after"_s];
}

} // namespace

class TestCommandWorker : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    Result<Outcome> run(const QString &command, const std::stop_token &stop = {})
    {
        ProgressCell cell;
        CommandFacts facts = Facts;
        facts.path = m_folder.filePath(u"my file.zip"_s);
        CommandWorker worker(command, facts);
        return worker.run(stop, cell);
    }

private slots:
    void putsInWhatItKnowsArgumentByArgument_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QStringList>("line");
        const auto row = [](const char *name, const QString &command, const QStringList &line) {
            QTest::newRow(name) << command << line;
        };
        row("a path with spaces stays one argument", u"scan {path}"_s, {u"scan"_s, Facts.path});
        row("what is put in is not looked at again", u"a {name} {url}"_s,
            {u"a"_s, u"my file {url}.zip"_s, Facts.url});
        row("inside an argument", u"a --of={folder}/x{id}-{size}"_s, {u"a"_s, u"--of=/d/x7-42"_s});
        row("quotes", u"\"my tool\" \"{sha256} {id}\""_s, {u"my tool"_s, u"abc 7"_s});
        row("other braces stay", u"a {b} {} {PATH}"_s, {u"a"_s, u"{b}"_s, u"{}"_s, u"{PATH}"_s});
        row("no shell", u"a $HOME;b|c"_s, {u"a"_s, u"$HOME;b|c"_s});
        row("nothing", u"  "_s, {});
    }
    void putsInWhatItKnowsArgumentByArgument()
    {
        QFETCH(QString, command);
        QFETCH(QStringList, line);
        QCOMPARE(commandLine(command, Facts), line);
    }

    void readsActionsAndSaysWhatIsNone_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("says"); // empty: it is read, and written the same
        QTest::newRow("two") << QByteArray(R"(["extract",{"run":"a b"}])") << QString();
        QTest::newRow("more") << QByteArray(R"(["open","reveal",{"move":"/a b"}])") << QString();
        QTest::newRow("a folder nobody knows from where")
            << QByteArray(R"([{"move":"films"}])") << u"films"_s;
        QTest::newRow("no folder") << QByteArray(R"([{"move":7}])") << u"absolute"_s;
        QTest::newRow("two at once") << QByteArray(R"([{"move":"/a","run":"b"}])") << u"run"_s;
        QTest::newRow("none") << QByteArray("[]") << QString();
        QTest::newRow("no list") << QByteArray("\"extract\"") << u"not a list"_s;
        QTest::newRow("another word") << QByteArray(R"(["dance"])") << u"dance"_s;
        QTest::newRow("another member") << QByteArray(R"([{"run":"a","in":"/"}])") << u"in"_s;
        QTest::newRow("no command") << QByteArray(R"([{"run":" "}])") << u"no command"_s;
        QTest::newRow("a number") << QByteArray("[1]") << u"1"_s;
    }
    void readsActionsAndSaysWhatIsNone()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, says);
        const auto actions = afterActionsFromJson(parsed(json));
        QCOMPARE(actions.has_value(), says.isEmpty());
        if (actions)
            QCOMPARE(QJsonValue(toJson(*actions)), parsed(json));
        else
            QVERIFY2(actions.error().context.contains(says), qPrintable(actions.error().context));
    }

    void runsInTheFolderOfTheFile()
    {
        QCOMPARE(run(u"cp /dev/null {id}-{size}"_s), Result<Outcome>(Outcome::Completed));
        QVERIFY(QFile::exists(m_folder.filePath(u"7-42"_s)));
        QCOMPARE(run(u"sh -c \"printenv DRAY_JOB DRAY_URL DRAY_SHA256 DRAY_PATH > env\""_s),
                 Result<Outcome>(Outcome::Completed));
        QFile environment(m_folder.filePath(u"env"_s));
        QVERIFY(environment.open(QIODevice::ReadOnly));
        QCOMPARE(environment.readAll(),
                 "7\nhttp://h/a b\nabc\n" + m_folder.filePath(u"my file.zip"_s).toUtf8() + '\n');
    }

    void saysWhyItFailed_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("says");
        QTest::newRow("no such program")
            << u"no-such-program-here"_s << ErrorCode::Unsupported << u"no-such-program-here"_s;
        QTest::newRow("exit code and last line")
            << u"sh -c \"echo one >&2; echo two >&2; exit 3\""_s << ErrorCode::WorkFailed
            << u"sh ended with exit code 3: two"_s;
        QTest::newRow("crash") << u"sh -c \"kill -9 $$\""_s << ErrorCode::WorkFailed
                               << u"crashed"_s;
    }
    void saysWhyItFailed()
    {
        QFETCH(QString, command);
        QFETCH(ErrorCode, code);
        QFETCH(QString, says);
        const auto ended = run(command);
        QVERIFY(!ended);
        QCOMPARE(ended.error().code, code);
        QVERIFY2(ended.error().context.contains(says), qPrintable(ended.error().context));
    }

    void stoppingEndsTheProgram()
    {
        std::stop_source stop;
        Result<Outcome> ended = Outcome::Completed;
        std::thread thread([&] { ended = run(u"sleep 600"_s, stop.get_token()); });
        stop.request_stop();
        thread.join();
        QCOMPARE(ended, Result<Outcome>(Outcome::Stopped));
    }
};

QTEST_GUILESS_MAIN(TestCommandWorker)
#include "tst_commandworker.moc"
