#include "core/storedspecjson.h"
#include "server/dialects/json.h"
#include "server/dialects/native/askedspec.h"

#include <QTest>

using namespace Qt::StringLiterals;

/// What job.get tells of a spec: what is useful, and nothing that lets anybody in.
class AskedSpecTest final : public QObject
{
    Q_OBJECT
private slots:
    void tellsWhatWasAsked_data();
    void tellsWhatWasAsked();
    void keepsSecrets();
};

namespace {

core::JobSnapshot download(const core::DownloadSpec &spec)
{
    core::JobSnapshot job;
    job.kind = core::JobKind::Download;
    job.spec = core::encodeSpec(spec);
    return job;
}

core::DownloadSpec plain()
{
    return {.url = QUrl(u"https://example.org/a.iso"_s)};
}

} // namespace

void AskedSpecTest::tellsWhatWasAsked_data()
{
    QTest::addColumn<core::JobSnapshot>("job");
    QTest::addColumn<QByteArray>("told");
    const auto row = [](const char *name, const core::JobSnapshot &job, const QByteArray &told) {
        QTest::newRow(name) << job << told;
    };
    row("nothing but the address", download(plain()), "{}");

    core::DownloadSpec full = plain();
    full.connections = 4;
    full.sha256 = QString(64, u'a');
    full.mirrors = {QUrl(u"https://m.example.org/a.iso"_s)};
    full.ifExists = core::IfExists::Skip;
    full.headers = {{.name = u"Accept"_s, .value = u"*/*"_s}};
    full.request.userAgent = u"curl"_s;
    full.category = u"Images"_s;
    row("all of a download", download(full),
        "{\"category\":\"Images\",\"checksum\":\"sha-256:" + QByteArray(64, 'a')
            + "\",\"connections\":4,\"headers\":{\"Accept\":\"*/*\"},\"ifExists\":\"skip\","
              "\"mirrors\":[\"https://m.example.org/a.iso\"],\"userAgent\":\"curl\"}");

    core::JobSnapshot media;
    media.kind = core::JobKind::Media;
    core::DownloadSpec page = plain();
    page.connections = 2;
    media.spec = core::encodeSpec(core::MediaSpec{.page = page});
    row("a video of a page", media, "{\"connections\":2}");

    core::JobSnapshot flash = download(full);
    flash.kind = core::JobKind::Flash;
    row("no download", flash, "{}");

    core::JobSnapshot broken = download(full);
    broken.spec = "no JSON";
    row("a spec that cannot be read", broken, "{}");
}

void AskedSpecTest::tellsWhatWasAsked()
{
    QFETCH(core::JobSnapshot, job);
    QFETCH(QByteArray, told);
    QCOMPARE(server::encode(server::askedSpec(job)), told);
}

void AskedSpecTest::keepsSecrets()
{
    core::DownloadSpec spec = plain();
    spec.mirrors = {QUrl(u"https://ada:hidden@m.example.org/a?token=hidden&part=1"_s)};
    spec.headers = {{.name = u"Cookie"_s, .value = u"hidden"_s},
                    {.name = u"X-Api-Key"_s, .value = u"hidden"_s}};
    spec.request.referer = u"https://example.org/?sid=hidden"_s;
    spec.request.proxy = u"socks5://ada:hidden@proxy:1080"_s;
    spec.request.user = u"ada"_s;
    spec.request.password = u"hidden"_s;
    const QJsonObject told = server::askedSpec(download(spec));
    QVERIFY2(!server::encode(told).contains("hidden"), server::encode(told).constData());
    QCOMPARE(told["user"_L1].toString(), u"ada"_s);
    QCOMPARE(told["headers"_L1].toObject().keys(), QStringList({u"Cookie"_s, u"X-Api-Key"_s}));
    QCOMPARE(told["proxy"_L1].toString(), u"socks5://proxy:1080"_s);
}

QTEST_GUILESS_MAIN(AskedSpecTest)
#include "tst_askedspec.moc"
