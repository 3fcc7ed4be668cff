#include "server/dialects/errortext.h"
#include "server/dialects/json.h"
#include "server/dialects/native/jsonrpc.h"
#include "server/dialects/native/nativecodec.h"

#include <QFile>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTest>

using namespace server;
using namespace Qt::StringLiterals;
using core::ErrorCode;
using core::JobId;
using core::JobSnapshot;
using core::JobState;
using core::Stage;

namespace {

JobSnapshot smallJob()
{
    return {.id = JobId{1}, .owner = u"local"_s, .createdAt = 1795210615679};
}

/// A job in which everything is set that the wire knows.
JobSnapshot fullJob()
{
    return {
        .id = JobId{17},
        .kind = core::JobKind::Flash,
        .owner = u"eve"_s,
        .state = JobState::Failed,
        .progress = {.stage = Stage::Verifying,
                     .done = 734003200,
                     .total = 1610612736,
                     .bytesPerSecond = 52428800,
                     .etaSeconds = 17},
        .details = {.title = u"Debian \"12\" – ä"_s,
                    .message = u"Reading back"_s,
                    .target = u"/data/debian.iso"_s,
                    .sha256 = QString(64, u'a'),
                    .steps = {{u"write"_s, JobState::Succeeded, 1},
                              {u"verify"_s, JobState::Running, 0.25}},
                    .drives = {{u"usb-1"_s, JobState::Running, 5, std::nullopt},
                               {u"usb-2"_s, JobState::Failed, 3,
                                core::Error{ErrorCode::DeviceGone, u"usb-2"_s}}},
                    .segments = {{0, 100, 50}, {100, 200, 0}}},
        .error = core::Error{ErrorCode::ChecksumMismatch, u"abc is not def"_s},
        .source = u"https://example.com/debian.iso"_s,
        .workflow = u"w3"_s,
        .attempt = 2,
        .createdAt = 1795210615679,
        .startedAt = 1795210615680,
        .finishedAt = 1795210999999,
        .rev = 43,
    };
}

JobSnapshot pausedJob()
{
    JobSnapshot job = smallJob();
    job.state = JobState::Paused;
    job.progress.done = 5;
    job.rev = 4;
    return job;
}

JobSnapshot runningJob()
{
    JobSnapshot job = smallJob();
    job.state = JobState::Running;
    job.progress = {Stage::Transferring, 5, 10, 2, 3};
    job.details.message = u"busy"_s;
    job.startedAt = 1795210615680;
    job.rev = 3;
    return job;
}

/// A random job, as far as the wire carries it.
JobSnapshot randomJob(QRandomGenerator &random)
{
    JobSnapshot job = random.bounded(2) ? fullJob() : smallJob();
    job.id = JobId{1};
    job.state = JobState(random.bounded(6));
    job.progress = {Stage(random.bounded(13)), random.bounded(100), random.bounded(100) - 1,
                    random.bounded(100), random.bounded(100) - 1};
    job.details.message = random.bounded(2) ? QString() : QString::number(random.bounded(9));
    job.details.steps.resize(random.bounded(3));
    job.details.drives.resize(random.bounded(3));
    if (random.bounded(2))
        job.error.reset();
    job.rev = random.bounded(1000);
    return job;
}

} // namespace

class NativeCodecTest final : public QObject
{
    Q_OBJECT
private slots:
    void messagesAreAsInTheGoldenFiles_data();
    void messagesAreAsInTheGoldenFiles();
    void jobObjectsAreReadBack();
    void brokenJobObjectsAreRefused();
    void aPatchMakesTheOldObjectTheNewOne();
    void stepsComeOnlyWhenAStateChanged();
    void numbersAloneAreProgress();
    void mergePatchFollowsRfc7396_data();
    void mergePatchFollowsRfc7396();
    void everyErrorHasAText();
};

void NativeCodecTest::messagesAreAsInTheGoldenFiles_data()
{
    QTest::addColumn<QByteArray>("encoded");
    QTest::newRow("job-small") << encode(jobObject(smallJob()));
    QTest::newRow("job-full") << encode(jobObject(fullJob()));
    QTest::newRow("job-segments") << encode(jobObject(fullJob(), Segments::Yes));
    QTest::newRow("patch-pause") << encode(jobPatch(runningJob(), pausedJob()));
    QTest::newRow("patch-fail") << encode(jobPatch(smallJob(), fullJob()));
    QTest::newRow("row") << progressRow(runningJob(), Columns::Numbers);
    QTest::newRow("row-unknown") << progressRow(smallJob(), Columns::WithDetails);
    QTest::newRow("row-details") << progressRow(fullJob(), Columns::WithDetails);
    QTest::newRow("result") << rpcResult(7, R"({"job":{}})");
    QTest::newRow("notification") << rpcNotification("session.ping"_L1, R"({"time":1})");
    QTest::newRow("error") << rpcFailure(u"a"_s, rpcError({ErrorCode::NotFound, u"job 9"_s}));
    RpcError limited = rpcError({ErrorCode::RateLimited, {}});
    limited.retryAfterMs = 640;
    QTest::newRow("error-rate") << rpcFailure(QJsonValue::Null, limited);
    QTest::newRow("error-method") << rpcFailure(1, methodNotFound(u"job.fly"_s));
}

void NativeCodecTest::messagesAreAsInTheGoldenFiles()
{
    QFETCH(QByteArray, encoded);
    const QString path = QStringLiteral(TEST_DATA_DIR "/native/%1.json")
                             .arg(QLatin1StringView(QTest::currentDataTag()));
    QFile file(path);
    if (qEnvironmentVariableIsSet("DRAY_WRITE_GOLDEN")) {
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto document = QJsonDocument::fromJson(encoded);
        QVERIFY(file.write(document.toJson()) > 0);
        return;
    }
    QVERIFY2(file.open(QIODevice::ReadOnly), qUtf8Printable(path));
    const QByteArray golden =
        QJsonDocument::fromJson(file.readAll()).toJson(QJsonDocument::Compact);
    QCOMPARE(QJsonDocument::fromJson(encoded).toJson(QJsonDocument::Compact), golden);
}

void NativeCodecTest::jobObjectsAreReadBack()
{
    for (const JobSnapshot &job : {smallJob(), fullJob(), runningJob(), pausedJob()}) {
        const auto read = jobFromObject(jobObject(job, Segments::Yes));
        QVERIFY(read);
        QCOMPARE(jobObject(*read, Segments::Yes), jobObject(job, Segments::Yes));
        QVERIFY(*read == job);
    }
}

void NativeCodecTest::brokenJobObjectsAreRefused()
{
    for (const auto &member : {u"id"_s, u"kind"_s, u"state"_s}) {
        QJsonObject object = jobObject(fullJob());
        object.insert(member, u"nonsense"_s);
        const auto read = jobFromObject(object);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::InvalidArgument);
    }
}

void NativeCodecTest::aPatchMakesTheOldObjectTheNewOne()
{
    QRandomGenerator random(42);
    for (int i = 0; i < 2000; ++i) {
        const JobSnapshot before = randomJob(random);
        const JobSnapshot after = randomJob(random);
        const QJsonObject patch = jobPatch(before, after);
        for (const char *key : {"done", "total", "bytesPerSecond", "etaSeconds", "stage"})
            QVERIFY(patch.contains(QLatin1StringView(key)));
        QJsonObject patched = mergePatch(jobObject(before), patch);
        QJsonObject expected = jobObject(after);
        for (const auto &key : {u"steps"_s, u"drives"_s}) // only with a change of state
            if (!patch.contains(key)) {
                patched.remove(key);
                expected.remove(key);
            }
        QCOMPARE(patched, expected);
    }
}

void NativeCodecTest::stepsComeOnlyWhenAStateChanged()
{
    const JobSnapshot before = fullJob();
    JobSnapshot after = before;
    after.details.steps[1].progress = 0.5;
    after.details.drives[0].done = 99;
    ++after.rev;
    QVERIFY(isProgressOnly(jobPatch(before, after)));
    QVERIFY(!jobPatch(before, after).contains("steps"_L1));
    after.details.drives[0].state = JobState::Succeeded;
    QVERIFY(!isProgressOnly(jobPatch(before, after)));
    QVERIFY(jobPatch(before, after).contains("drives"_L1));
    QVERIFY(!jobPatch(before, after).contains("steps"_L1));
}

void NativeCodecTest::numbersAloneAreProgress()
{
    const JobSnapshot before = runningJob();
    JobSnapshot after = before;
    ++after.rev;
    after.progress = {Stage::Hashing, 6, -1, 1, -1};
    after.details.segments = {{0, 1, 1}};
    QVERIFY(isProgressOnly(jobPatch(before, after)));
    after.details.message = u"other"_s;
    QVERIFY(!isProgressOnly(jobPatch(before, after)));
}

void NativeCodecTest::mergePatchFollowsRfc7396_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("patch");
    QTest::addColumn<QByteArray>("result");
    const auto row = [](const char *target, const char *patch, const char *result) {
        QTest::addRow("%s + %s", target, patch)
            << QByteArray(target) << QByteArray(patch) << QByteArray(result);
    };
    row(R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})");
    row(R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})");
    row(R"({"a":"b"})", R"({"a":null})", R"({})");
    row(R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})");
    row(R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})");
    row(R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})");
    row(R"({"e":null})", R"({"a":1})", R"({"a":1,"e":null})");
    row(R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})");
}

void NativeCodecTest::mergePatchFollowsRfc7396()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, patch);
    QFETCH(QByteArray, result);
    const auto object = [](const QByteArray &text) { return parseJson(text)->toObject(); };
    QCOMPARE(mergePatch(object(target), object(patch)), object(result));
}

void NativeCodecTest::everyErrorHasAText()
{
    QSet<QString> titles;
    for (int i = 0; i <= int(ErrorCode::Internal); ++i) {
        const auto code = ErrorCode(i);
        titles.insert(errorTitle(code));
        QVERIFY(errorStatus(code) >= 400);
        QVERIFY(errorNumber(code) < -32000);
    }
    QCOMPARE(titles.size(), int(ErrorCode::Internal) + 1);
    QCOMPARE(errorMessage({ErrorCode::NoSpace, u"/data"_s}), u"No space left: /data"_s);
    QCOMPARE(errorMessage({ErrorCode::NoSpace, {}}), u"No space left"_s);
}

QTEST_GUILESS_MAIN(NativeCodecTest)
#include "tst_nativecodec.moc"
