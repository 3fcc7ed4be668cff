#include "tests/server/dialects/livehub.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QRegularExpression>
#include <QWebSocket>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using core::JobState;
using tests::HubBench;
using tests::LiveHub;

namespace {

QByteArray textOf(HubBench &hub)
{
    return hub.request("GET", u"/metrics"_s)->answer->body;
}

/// The status of one request over the wire.
int ask(const LiveHub &hub, const QString &path)
{
    QNetworkAccessManager web;
    QNetworkRequest request(hub.url(u"http"_s, path));
    request.setRawHeader("Authorization", "Bearer admin");
    const std::unique_ptr<QNetworkReply> reply(web.get(request));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }))
        return 0;
    return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

} // namespace

/// What the server says of itself for Prometheus.
class MetricsTest final : public QObject
{
    Q_OBJECT
private slots:
    void everyMetricIsThere_data();
    void everyMetricIsThere();
    void textIsWellFormed();
    void answersAreCountedByTheRouteAndNeverByThePath();
    void anAnswerThatNeedsATokenCountsForItsRoute();
    void closesAndRefusedConnectionsAreCounted();
    void connectionsAreToldByKind();
    void pongsOfTheNativeSocketTellTheRoundTrip();
    void theLoopsLagIsCounted();
    void theObjectHasNoHistograms();
};

void MetricsTest::everyMetricIsThere_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArrayList>("lines"); // each a metric's beginning
    const auto row = [](const char *name, const char *type, const QByteArrayList &labels) {
        QByteArrayList lines;
        for (const QByteArray &label : labels)
            lines << QByteArray("dray_") + name + label;
        QTest::newRow(name) << QByteArray(type) << lines;
    };
    // Buckets end with all there is.
    const QByteArrayList histogram{"_bucket{le=\"+Inf\"} ", "_sum ", "_count "};
    row("connections", "gauge",
        {"{kind=\"http\"} ", "{kind=\"stream\"} ", "{kind=\"websocket\"} "});
    row("connections_refused_total", "counter", {" "});
    row("subscriptions", "gauge", {" "});
    row("messages_sent_total", "counter",
        {"{lane=\"event\"} ", "{lane=\"progress\"} ", "{lane=\"reply\"} "});
    row("messages_received_total", "counter", {" "});
    row("bytes_sent_total", "counter", {"{lane=\"feed\"} ", "{lane=\"reply\"} "});
    row("bytes_received_total", "counter", {" "});
    row("send_buffer_bytes", "histogram", histogram);
    row("conflated_total", "counter", {" "});
    row("slow_closed_total", "counter", {" "});
    row("resume_total", "counter", {"{result=\"recovered\"} ", "{result=\"snapshot\"} "});
    row("close_total", "counter", {"{code=\"1008\"} "});
    row("auth_failures_total", "counter", {"{reason=\"session\"} "});
    row("event_latency_seconds", "histogram", histogram);
    row("rtt_seconds", "histogram", histogram);
    row("eventloop_lag_seconds", "histogram", histogram);
    row("journal_first_seq", "gauge", {" "});
    row("journal_last_seq", "gauge", {" "});
    row("http_requests_total", "counter", {"{route=\"/api/v1/jobs/{id}\",code=\"200\"} "});
}

void MetricsTest::everyMetricIsThere()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArrayList, lines);
    HubBench hub;
    server::HttpCounters http;
    http.countAnswer("/api/v1/jobs/{id}", 200);
    http.socketsClosedByCode[1008] = 1;
    hub.httpCounters = [&] { return http; };
    const QByteArray text = textOf(hub);
    const QByteArray name = QByteArray("dray_") + QTest::currentDataTag();
    QVERIFY(text.contains("# HELP " + name + ' '));
    QVERIFY(text.contains("# TYPE " + name + ' ' + type + '\n'));
    for (const QByteArray &line : lines)
        QVERIFY2(text.contains('\n' + line), line.constData());
}

void MetricsTest::textIsWellFormed()
{
    HubBench hub;
    server::HttpCounters http;
    http.countAnswer({}, 404);
    http.unsent.add(100);
    http.unsent.add(1e9);
    http.roundTrips.add(30ms);
    hub.httpCounters = [&] { return http; };
    static const QRegularExpression line(
        u"^(# (HELP dray_[a-z_]+ .+|TYPE dray_[a-z_]+ (counter|gauge|histogram))"
        "|dray_[a-z_]+(\\{[a-z]+=\"[^\"]+\"(,[a-z]+=\"[^\"]+\")*\\})? [0-9.e+-]+)$"_s);
    const QByteArray text = textOf(hub);
    QVERIFY(text.endsWith('\n'));
    for (const QByteArray &each : text.chopped(1).split('\n'))
        QVERIFY2(line.match(QString::fromUtf8(each)).hasMatch(), each.constData());
    for (const char *part :
         {"dray_send_buffer_bytes_bucket{le=\"0\"} 0\n",
          "dray_send_buffer_bytes_bucket{le=\"4096\"} 1\n",
          "dray_send_buffer_bytes_bucket{le=\"1048576\"} 1\n",
          "dray_send_buffer_bytes_bucket{le=\"+Inf\"} 2\n",
          "dray_send_buffer_bytes_sum 1000000100\n", "dray_rtt_seconds_bucket{le=\"0.025\"} 0\n",
          "dray_rtt_seconds_bucket{le=\"0.05\"} 1\n", "dray_rtt_seconds_sum 0.03\n",
          "dray_http_requests_total{route=\"none\",code=\"404\"} 1\n"})
        QVERIFY2(text.contains(part), part);
}

void MetricsTest::answersAreCountedByTheRouteAndNeverByThePath()
{
    LiveHub hub;
    hub.add(u"local"_s, JobState::Paused);
    QCOMPARE(ask(hub, u"/api/v1/jobs/1"_s), 200);
    QCOMPARE(ask(hub, u"/api/v1/jobs/77"_s), 404);
    QCOMPARE(ask(hub, u"/secret-path"_s), 404);
    QCOMPARE(ask(hub, u"/download"_s), 405);
    const QByteArray text = textOf(hub);
    for (const char *line :
         {"dray_http_requests_total{route=\"/api/v1/jobs/{id}\",code=\"200\"} 1\n",
          "dray_http_requests_total{route=\"/api/v1/jobs/{id}\",code=\"404\"} 1\n",
          "dray_http_requests_total{route=\"none\",code=\"404\"} 1\n",
          "dray_http_requests_total{route=\"/download\",code=\"405\"} 1\n"})
        QVERIFY2(text.contains(line), line);
    QVERIFY(!text.contains("secret-path") && !text.contains("/jobs/77"));
}

void MetricsTest::anAnswerThatNeedsATokenCountsForItsRoute()
{
    LiveHub hub;
    QNetworkAccessManager web;
    const std::unique_ptr<QNetworkReply> reply(
        web.get(QNetworkRequest(hub.url(u"http"_s, u"/api/v1/history"_s))));
    QTRY_VERIFY(reply->isFinished());
    const QByteArray text = textOf(hub);
    QVERIFY(text.contains("dray_http_requests_total{route=\"/api/v1/history\",code=\"401\"} 1\n"));
    QVERIFY(text.contains("dray_auth_failures_total{reason=\"missing\"} 1\n"));
}

void MetricsTest::closesAndRefusedConnectionsAreCounted()
{
    LiveHub hub(1);
    QWebSocket first;
    first.open(hub.url(u"ws"_s, u"/api/v1/ws"_s));
    QTRY_COMPARE(first.state(), QAbstractSocket::ConnectedState);
    QWebSocket second;
    second.open(hub.url(u"ws"_s, u"/api/v1/ws"_s));
    QTRY_COMPARE(int(second.closeCode()), 4504);
    first.sendTextMessage(u"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"job.list\"}"_s);
    QTRY_COMPARE(first.closeCode(), QWebSocketProtocol::CloseCodePolicyViolated);
    const QByteArray text = textOf(hub);
    for (const char *line :
         {"dray_close_total{code=\"4504\"} 1\n", "dray_close_total{code=\"1008\"} 1\n",
          "dray_connections_refused_total 1\n",
          "dray_http_requests_total{route=\"/api/v1/ws\",code=\"101\"} 2\n"})
        QVERIFY2(text.contains(line), line);
}

void MetricsTest::connectionsAreToldByKind()
{
    LiveHub hub;
    QCOMPARE(ask(hub, u"/healthz"_s), 404); // the page's, which is not here
    QTcpSocket plain;
    plain.connectToHost(u"127.0.0.1"_s, hub.server.ports().constFirst());
    QTRY_COMPARE(hub.server.counters().connectionsOpen, 1);
    QWebSocket socket;
    socket.open(hub.url(u"ws"_s, u"/api/v1/ws"_s));
    QTRY_COMPARE(socket.state(), QAbstractSocket::ConnectedState);
    QTRY_COMPARE(hub.server.counters().socketsOpen, 1);
    const QByteArray text = textOf(hub);
    QVERIFY(text.contains("dray_connections{kind=\"http\"} 1\n"));
    QVERIFY(text.contains("dray_connections{kind=\"websocket\"} 1\n"));
    QVERIFY(text.contains("dray_connections{kind=\"stream\"} 0\n"));
}

void MetricsTest::pongsOfTheNativeSocketTellTheRoundTrip()
{
    HubBench hub;
    auto client = hub.connect();
    waitFor(hub, 20s);
    hub.clock.advance(80ms);
    const QByteArray pong(R"({"jsonrpc":"2.0","method":"session.pong"})");
    client.say(pong);
    client.say(pong); // nobody asked
    const QByteArray text = textOf(hub);
    QVERIFY(text.contains("dray_rtt_seconds_bucket{le=\"0.05\"} 0\n"));
    QVERIFY(text.contains("dray_rtt_seconds_bucket{le=\"0.1\"} 1\n"));
    QVERIFY(text.contains("dray_rtt_seconds_count 1\n"));
}

void MetricsTest::theLoopsLagIsCounted()
{
    tests::FakeClock clock;
    server::LoopLag lag(clock);
    clock.advance(1s);
    lag.look();
    clock.advance(1300ms);
    lag.look();
    clock.advance(900ms); // a timer that came early is on time
    lag.look();
    const server::LoopLagHistogram &histogram = lag.histogram();
    QCOMPARE(histogram.count, 3);
    QCOMPARE(histogram.counts.front(), 2);
    QCOMPARE(histogram.counts[6], 1); // up to half a second
    QCOMPARE(histogram.sum, 0.3);
}

void MetricsTest::theObjectHasNoHistograms()
{
    HubBench hub;
    server::HttpCounters http;
    http.countAnswer("/api/v1/jobs", 201);
    hub.httpCounters = [&] { return http; };
    auto client = hub.connect();
    const QJsonObject result = client.ask("metrics.get").value("result"_L1).toObject();
    QCOMPARE(result.value("http_requests_total"_L1).toObject().value("/api/v1/jobs 201"_L1), 1);
    for (const QString &name : result.keys())
        QVERIFY2(!name.endsWith("_seconds"_L1), qPrintable(name));
}

QTEST_GUILESS_MAIN(MetricsTest)
#include "tst_metrics.moc"
