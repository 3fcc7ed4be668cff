#include "tests/server/dialects/hubbench.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;
using namespace tests;
using core::Drive;
using core::JobId;
using core::JobState;

namespace {

Drive stick(const QString &name)
{
    return {.id = u"usb-"_s + name,
            .path = u"/dev/"_s + name,
            .serial = name.toUpper(),
            .size = 31'900'000'000,
            .diskseq = 7,
            .bus = core::Bus::Usb,
            .isRemovable = true};
}

Drive mounted(Drive drive)
{
    drive.contents = {{.path = drive.path, .mounts = {{drive.path, u"/media/data"_s}}}};
    return drive;
}

struct FlashBench : HubBench {
    QString image = folder.filePath(u"downloads/a.img"_s);

    FlashBench()
    {
        QFile file(image);
        if (!QDir().mkpath(folder.filePath(u"downloads"_s)) || !file.open(QIODevice::WriteOnly))
            qFatal("no image");
        drives.update({stick(u"sdb"_s)});
    }
    /// Calls and waits for the answer, which comes when the image was looked at.
    static QJsonObject ask(Client &client, const QByteArray &method, const QByteArray &params)
    {
        client.record->take();
        client.call(method, params);
        QJsonObject answer;
        const auto hasAnswer = [&] {
            for (const QJsonObject &message : client.record->take())
                if (message.contains(u"id"_s))
                    answer = message;
            return !answer.isEmpty();
        };
        return QTest::qWaitFor(hasAnswer, 10'000) ? answer : QJsonObject();
    }
    QJsonObject prepare(Client &client)
    {
        return ask(client, "flash.prepare",
                   R"({"drives":["usb-sdb"],"image":")" + image.toUtf8() + R"("})");
    }
};

} // namespace

/// Consent and drives, as clients of the native socket and REST see them.
class NativeFlashTest final : public QObject
{
    Q_OBJECT
private slots:
    void whoMayOnlyAskWaitsForTheUser();
    void othersQuestionsAreNotThere();
    void aYesWithoutATicketNamesTheJob();
    void drivesComeAndGoOnTheirTopic();
    void whatWasMissedIsReplayed();
    void readersOnlyHearOfDrives();
    void devicesAreAResource();
};

void NativeFlashTest::whoMayOnlyAskWaitsForTheUser()
{
    FlashBench hub;
    auto page = hub.connect(HubBench::who(u"local"_s, core::DefaultScopes));
    auto user = hub.connect();
    const QJsonObject prepared = resultOf(hub.prepare(page));
    const QString ticket = prepared[u"ticket"_s].toString();
    QVERIFY(!ticket.isEmpty());
    QCOMPARE(prepared[u"job"_s][u"stage"_s].toString(), u"awaitingConfirmation"_s);
    QCOMPARE(prepared[u"expiresAt"_s].toInteger(),
             (hub.clock.wallTime() + core::FlashService::QuestionLifetime).count());
    const QJsonObject erased = prepared[u"erases"_s][0].toObject();
    QCOMPARE(erased[u"drive"_s].toString(), u"usb-sdb"_s);
    QCOMPARE(erased[u"serial"_s].toString(), u"SDB"_s);
    QCOMPARE(erased[u"size"_s].toInteger(), 31'900'000'000);
    QCOMPARE(erased[u"contents"_s].toString(), u"nothing known, 31.9 GB in all"_s);

    const QByteArray yes = R"({"ticket":")" + ticket.toUtf8() + R"(","erase":["SDB"]})";
    QCOMPARE(errorNumberOf(page.ask("flash.confirm", yes)), -32002);
    const QByteArray add = R"({"kind":"flash","drives":["usb-sdb"],"erase":["SDB"],"image":")"
        + hub.image.toUtf8() + R"("})";
    QCOMPARE(errorNumberOf(FlashBench::ask(page, "job.add", add)), -32002);
    const QByteArray unnamed = R"({"ticket":")" + ticket.toUtf8() + R"("})";
    QCOMPARE(errorNumberOf(user.ask("flash.confirm", unnamed)), -32010);
    const QJsonObject confirmed = resultOf(FlashBench::ask(user, "flash.confirm", yes));
    QCOMPARE(confirmed[u"job"_s][u"id"_s], prepared[u"job"_s][u"id"_s]);
    QCOMPARE(errorNumberOf(user.ask("flash.confirm", yes)), -32003); // one use
}

void NativeFlashTest::othersQuestionsAreNotThere()
{
    FlashBench hub;
    auto page = hub.connect(HubBench::who(u"local"_s, core::DefaultScopes));
    auto eve = hub.connect(HubBench::who(u"eve"_s, core::DefaultScopes | core::Scope::Flash));
    const QByteArray ticket = resultOf(hub.prepare(page))[u"ticket"_s].toString().toUtf8();
    QCOMPARE(errorNumberOf(
                 eve.ask("flash.confirm", R"({"erase":["SDB"],"ticket":")" + ticket + R"("})")),
             -32003);
    QCOMPARE(errorNumberOf(eve.ask("flash.confirm", R"({"erase":["SDB"],"job":"1"})")), -32003);
    QVERIFY(resultOf(eve.ask("flash.list"))[u"questions"_s].toArray().isEmpty());
}

void NativeFlashTest::aYesWithoutATicketNamesTheJob()
{
    FlashBench hub;
    auto page = hub.connect(HubBench::who(u"page"_s, core::DefaultScopes));
    auto user = hub.connect();
    QVERIFY(!hub.prepare(page).isEmpty());
    const QJsonArray questions = resultOf(user.ask("flash.list"))[u"questions"_s].toArray();
    QCOMPARE(questions.size(), 1);
    const QJsonObject question = questions[0].toObject();
    QCOMPARE(question[u"asker"_s].toString(), u"page"_s);
    QCOMPARE(question[u"image"_s].toString(), hub.image);
    QVERIFY(!question.contains(u"ticket"_s));
    const QByteArray job = question[u"job"_s].toString().toUtf8();
    QCOMPARE(errorNumberOf(user.ask("flash.confirm", R"({"erase":["SDB"]})")), -32602);
    const QJsonObject confirmed = resultOf(
        FlashBench::ask(user, "flash.confirm", R"({"erase":["usb-sdb"],"job":")" + job + R"("})"));
    QCOMPARE(confirmed[u"job"_s][u"id"_s].toString().toUtf8(), job);
}

void NativeFlashTest::drivesComeAndGoOnTheirTopic()
{
    FlashBench hub;
    auto client = hub.connect();
    const QJsonObject ack = resultOf(client.ask("topic.subscribe", R"({"topic":"devices"})"));
    QCOMPARE(ack[u"drives"_s].toArray().size(), 1);
    QCOMPARE(ack[u"drives"_s][0][u"id"_s].toString(), u"usb-sdb"_s);
    hub.drives.update({stick(u"sdb"_s), stick(u"sdc"_s)});
    hub.drives.update({mounted(stick(u"sdb"_s)), stick(u"sdc"_s)});
    hub.add(); // is not what it listens to
    hub.drives.update({stick(u"sdc"_s)});
    const auto events = only(client.record->take(), "event"_L1);
    QCOMPARE(events.size(), 3);
    QStringList types;
    qint64 prev = ack[u"seq"_s].toInteger();
    for (const QJsonObject &event : events) {
        types.append(event[u"type"_s].toString());
        QCOMPARE(event[u"topic"_s].toString(), u"devices"_s);
        QCOMPARE(event[u"prev"_s].toInteger(), prev);
        prev = event[u"seq"_s].toInteger();
    }
    QCOMPARE(types, QStringList({u"device.added"_s, u"device.changed"_s, u"device.removed"_s}));
    QCOMPARE(events[0][u"object"_s][u"path"_s].toString(), u"/dev/sdc"_s);
    QCOMPARE(events[1][u"id"_s].toString(), u"usb-sdb"_s);
    QCOMPARE(events[1][u"patch"_s].toObject(),
             (QJsonObject{{u"mounted"_s, QJsonArray{u"/media/data"_s}},
                          {u"risks"_s, QJsonArray{u"mounted"_s}}}));
    QCOMPARE(events[2][u"id"_s].toString(), u"usb-sdb"_s);
}

void NativeFlashTest::whatWasMissedIsReplayed()
{
    FlashBench hub;
    auto first = hub.connect();
    const QJsonObject hello =
        resultOf(first.ask("session.hello", R"({"topics":[{"topic":"devices"}]})"));
    hub.add();
    hub.drives.update({});
    auto again = hub.connect();
    again.call("session.hello",
               R"({"topics":[{"topic":"devices"}],"resume":{"epoch":"epoch1","seq":)"
                   + QByteArray::number(hello[u"seq"_s].toInteger()) + "}}");
    const auto messages = again.record->take();
    QCOMPARE(resultOf(messages.constFirst())[u"recovered"_s], true);
    const auto events = only(messages, "event"_L1);
    QCOMPARE(events.size(), 1);
    QCOMPARE(events[0][u"type"_s].toString(), u"device.removed"_s);
}

void NativeFlashTest::readersOnlyHearOfDrives()
{
    FlashBench hub;
    auto fenced = hub.connect(HubBench::who(u"eve"_s, core::Scope::Read));
    auto jobs = hub.connect();
    fenced.ask("topic.subscribe", R"({"topic":"devices"})");
    jobs.ask("topic.subscribe", R"({"topic":"jobs"})");
    hub.drives.update({});
    QCOMPARE(only(fenced.record->take(), "event"_L1).size(), 1);
    QVERIFY(only(jobs.record->take(), "event"_L1).isEmpty());
    auto blind = hub.connect(HubBench::who(u"eve"_s, core::Scope::Add));
    QCOMPARE(errorNumberOf(blind.ask("topic.subscribe", R"({"topic":"devices"})")), -32002);
}

void NativeFlashTest::devicesAreAResource()
{
    FlashBench hub;
    const auto exchange = hub.request("GET", u"/api/v1/devices"_s);
    QVERIFY(exchange);
    const QJsonObject body = QJsonDocument::fromJson(exchange->answer->body).object();
    QCOMPARE(body[u"drives"_s].toArray().size(), 1);
}

QTEST_GUILESS_MAIN(NativeFlashTest)
#include "tst_nativeflash.moc"
