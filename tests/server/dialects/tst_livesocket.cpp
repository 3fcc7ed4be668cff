#include "tests/server/dialects/livehub.h"

#include <QJsonArray>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSignalSpy>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using core::JobId;
using core::JobState;
using tests::LiveHub;

namespace {

/// A client program.
struct Remote {
    QWebSocket socket;
    QList<QJsonObject> messages;

    explicit Remote(const LiveHub &hub, const QByteArray &token = {})
    {
        QObject::connect(&socket, &QWebSocket::textMessageReceived, &socket,
                         [this](const QString &text) {
                             messages.append(QJsonDocument::fromJson(text.toUtf8()).object());
                         });
        QNetworkRequest request(hub.url(u"ws"_s, u"/api/v1/ws"_s));
        if (!token.isEmpty())
            request.setRawHeader("Authorization", "Bearer " + token);
        QWebSocketHandshakeOptions options;
        options.setSubprotocols({u"dray.v1"_s});
        socket.open(request, options);
    }
    void call(const QByteArray &method, const QByteArray &params)
    {
        socket.sendTextMessage(QString::fromUtf8(R"({"jsonrpc":"2.0","id":1,"method":")" + method
                                                 + R"(","params":)" + params + '}'));
    }
    [[nodiscard]] QList<QJsonObject> all(QLatin1StringView method) const
    {
        QList<QJsonObject> found;
        for (const QJsonObject &message : messages)
            if (message.value("method"_L1) == method)
                found.append(message.value("params"_L1).toObject());
        return found;
    }
    [[nodiscard]] QStringList states() const
    {
        QStringList states;
        for (const QJsonObject &event : all("event"_L1)) {
            const QJsonObject part = event.contains("object"_L1)
                ? event.value("object"_L1).toObject()
                : event.value("patch"_L1).toObject();
            if (part.contains("state"_L1))
                states.append(part.value("state"_L1).toString());
        }
        return states;
    }
};

} // namespace

/// Dialects, feed and HTTP server together, over loopback.
class LiveSocketTest final : public QObject
{
    Q_OBJECT
private slots:
    void oneJobIsSeenFromAddToDone();
    void restAddsWhatTheSocketSees();
    void aWrongTokenIsToldAndClosed();
    void aMessageThatIsNotTakenIsToldAndClosed_data();
    void aMessageThatIsNotTakenIsToldAndClosed();
    void aClientThatWasCutOffMissesNothing();
};

void LiveSocketTest::oneJobIsSeenFromAddToDone()
{
    LiveHub hub;
    Remote remote(hub, "admin");
    QTRY_COMPARE(remote.socket.state(), QAbstractSocket::ConnectedState);
    QCOMPARE(remote.socket.subprotocol(), u"dray.v1"_s);
    remote.call("session.hello", R"({"topics":[{"topic":"jobs"}]})");
    remote.call("job.add", R"({"url":"http://example.com/file"})");
    QTRY_COMPARE(remote.states(), (QStringList{u"queued"_s, u"running"_s}));
    for (const qint64 done : {300, 600, 900}) {
        hub.switchOf(JobId{1})->done = done;
        const auto isShown = [&] {
            const auto frames = remote.all("progress"_L1);
            return !frames.isEmpty()
                && frames.constLast().value("jobs"_L1).toArray().at(0).toArray().at(2) == done;
        };
        QTRY_VERIFY(isShown());
    }
    hub.switchOf(JobId{1})->order = 1;
    QTRY_COMPARE(remote.states(), (QStringList{u"queued"_s, u"running"_s, u"succeeded"_s}));
    QCOMPARE(remote.messages.constLast().value("method"_L1), u"event"_s);
}

void LiveSocketTest::restAddsWhatTheSocketSees()
{
    LiveHub hub;
    Remote remote(hub);
    QTRY_COMPARE(remote.socket.state(), QAbstractSocket::ConnectedState);
    remote.call("session.hello", R"({"token":"admin","topics":[{"topic":"jobs"}]})");
    QTRY_COMPARE(remote.messages.size(), 1);
    QNetworkAccessManager web;
    QNetworkRequest request(hub.url(u"http"_s, u"/api/v1/jobs"_s));
    request.setRawHeader("Authorization", "Bearer admin");
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    const std::unique_ptr<QNetworkReply> reply(
        web.post(request, R"({"url":"http://example.com/file","paused":true})"));
    QTRY_VERIFY(reply->isFinished());
    QCOMPARE(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), 201);
    QTRY_COMPARE(remote.states(), QStringList{u"paused"_s});
}

void LiveSocketTest::aWrongTokenIsToldAndClosed()
{
    LiveHub hub;
    Remote remote(hub);
    QTRY_COMPARE(remote.socket.state(), QAbstractSocket::ConnectedState);
    remote.call("session.hello", R"({"token":"guess"})");
    QTRY_COMPARE(remote.socket.state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(int(remote.socket.closeCode()), 1008);
    QCOMPARE(remote.messages.size(), 2);
    QCOMPARE(tests::errorNumberOf(remote.messages.at(0)), -32001);
    QCOMPARE(remote.messages.at(1).value("method"_L1), u"session.bye"_s);
}

void LiveSocketTest::aMessageThatIsNotTakenIsToldAndClosed_data()
{
    using Send = std::function<void(QWebSocket &)>;
    QTest::addColumn<int>("code");
    QTest::addColumn<Send>("send");
    QTest::newRow("binary") << 1003 << Send([](QWebSocket &to) { to.sendBinaryMessage("{}"); });
    QTest::newRow("too large") << 1009 << Send([](QWebSocket &to) {
        to.sendTextMessage(QString(64 * 1024 + 1, u'x'));
    });
}

void LiveSocketTest::aMessageThatIsNotTakenIsToldAndClosed()
{
    QFETCH(int, code);
    QFETCH(std::function<void(QWebSocket &)>, send);
    LiveHub hub;
    Remote remote(hub, "admin");
    QTRY_COMPARE(remote.socket.state(), QAbstractSocket::ConnectedState);
    send(remote.socket);
    QTRY_COMPARE(remote.socket.state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(int(remote.socket.closeCode()), code);
    QCOMPARE(remote.messages.size(), 1);
    QCOMPARE(remote.messages.at(0).value("method"_L1), u"session.bye"_s);
    QCOMPARE(tests::paramsOf(remote.messages.at(0)).value("code"_L1), code);
}

void LiveSocketTest::aClientThatWasCutOffMissesNothing()
{
    LiveHub hub;
    {
        Remote first(hub, "admin");
        QTRY_COMPARE(first.socket.state(), QAbstractSocket::ConnectedState);
        first.call("session.hello", R"({"topics":[{"topic":"jobs"}]})");
        QTRY_COMPARE(first.messages.size(), 1);
        hub.add(u"local"_s, JobState::Paused);
        QTRY_COMPARE(first.states(), QStringList{u"paused"_s});
        first.socket.abort();
    }
    QVERIFY(hub.registry.resume(JobId{1}));
    QTRY_COMPARE(hub.registry.find(JobId{1})->state, JobState::Running);
    hub.switchOf(JobId{1})->order = 1;
    QTRY_COMPARE(hub.registry.find(JobId{1})->state, JobState::Succeeded);
    Remote second(hub, "admin");
    QTRY_COMPARE(second.socket.state(), QAbstractSocket::ConnectedState);
    second.call("session.hello",
                R"({"resume":{"epoch":"epoch1","seq":1},"topics":[{"topic":"jobs"}]})");
    QTRY_COMPARE(second.states(), (QStringList{u"queued"_s, u"running"_s, u"succeeded"_s}));
    qint64 prev = 1;
    for (const QJsonObject &event : second.all("event"_L1)) {
        QCOMPARE(event.value("prev"_L1).toInteger(), prev);
        prev = event.value("seq"_L1).toInteger();
    }
}

QTEST_GUILESS_MAIN(LiveSocketTest)
#include "tst_livesocket.moc"
