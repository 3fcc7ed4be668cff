#include "core/download/proxyrule.h"

#include <QProcessEnvironment>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

/// "name=value" joined by "|".
QProcessEnvironment environmentFrom(const QString &text)
{
    QProcessEnvironment environment;
    for (const QString &pair : text.split(u'|', Qt::SkipEmptyParts))
        environment.insert(pair.section(u'=', 0, 0), pair.section(u'=', 1));
    return environment;
}

} // namespace

class TestProxyRule : public QObject
{
    Q_OBJECT
private slots:
    void addressIsRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<QString>("login");
        const auto row = [](const char *text, const char *shown, const char *login = "|") {
            QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(shown)
                                << QString::fromLatin1(login);
        };
        row("none", "none");
        row(" None ", "none");
        row("http://h.test:8080", "http://h.test:8080");
        row("http://h.test:8080/", "http://h.test:8080");
        row("h.test:8080", "http://h.test:8080");
        row("h.test", "http://h.test:1080");
        row("HTTP://H.test", "http://h.test:1080");
        row("http://u:p%40w@h.test:1", "http://h.test:1", "u|p@w");
        row("u:p@h.test:1", "http://h.test:1", "u|p");
        row("socks5://h.test", "socks5://h.test:1080");
        row("socks5h://u@h.test:9", "socks5h://h.test:9", "u|");
        row("http://[::1]:3128", "http://[::1]:3128");
    }
    void addressIsRead()
    {
        QFETCH(QString, text);
        const auto proxy = ProxyAddress::parse(text);
        QVERIFY2(proxy, qPrintable(proxy ? QString() : proxy.error().context));
        QTEST(proxy->shown(), "shown");
        QTEST(proxy->user + u'|' + proxy->password, "login");
    }

    void addressThatCannotBeUsedIsRefusedAndNotShown_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text :
             {"", "https://secret@h.test", "socks4://secret@h.test", "ftp://secret@h.test",
              "http://", "http://secret@", "http://secret@h.test:0", "http://secret@h.test:99999",
              "http://h.test/secret", "http://h.test?secret", "h test secret", "secret@h.test:x"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void addressThatCannotBeUsedIsRefusedAndNotShown()
    {
        QFETCH(QString, text);
        const auto proxy = ProxyAddress::parse(text);
        QVERIFY(!proxy);
        QCOMPARE(proxy.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!proxy.error().context.contains(u"secret"_s));
    }

    void wayIsChosen_data()
    {
        QTest::addColumn<QString>("environment");
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("proxy");
        const auto row = [](const char *name, const char *environment, const char *url,
                            const char *proxy) {
            QTest::newRow(name) << QString::fromLatin1(environment) << QString::fromLatin1(url)
                                << QString::fromLatin1(proxy);
        };
        row("nothing set", "", "http://h.test/", "none");
        row("http", "http_proxy=p:1", "http://h.test/", "http://p:1");
        row("http is not for https", "http_proxy=p:1", "https://h.test/", "none");
        row("HTTP_PROXY is ignored", "HTTP_PROXY=p:1", "http://h.test/", "none");
        row("https", "https_proxy=p:1", "https://h.test/", "http://p:1");
        row("HTTPS_PROXY", "HTTPS_PROXY=p:1", "https://h.test/", "http://p:1");
        row("small letters first", "HTTPS_PROXY=p:1|https_proxy=q:2", "https://h.test/",
            "http://q:2");
        row("all", "all_proxy=socks5://p:1", "http://h.test/", "socks5://p:1");
        row("ALL_PROXY", "ALL_PROXY=socks5h://p:1", "https://h.test/", "socks5h://p:1");
        row("own one before all", "all_proxy=p:1|http_proxy=q:2", "http://h.test/", "http://q:2");
        row("empty one is none, as with curl", "all_proxy=p:1|http_proxy=", "http://h.test/",
            "http://p:1");
        row("loopback as any other", "http_proxy=p:1", "http://127.0.0.1/", "http://p:1");
        row("localhost as any other", "http_proxy=p:1", "http://localhost/", "http://p:1");

        row("exempt host", "http_proxy=p:1|no_proxy=h.test", "http://h.test/", "none");
        row("exempt host of several", "http_proxy=p:1|no_proxy=a, h.test b", "http://h.test/",
            "none");
        row("exempt host in another case", "http_proxy=p:1|no_proxy=H.Test", "http://h.TEST/",
            "none");
        row("subdomain", "http_proxy=p:1|no_proxy=h.test", "http://a.h.test/", "none");
        row("dot in front", "http_proxy=p:1|no_proxy=.h.test", "http://h.test/", "none");
        row("dot at the end", "http_proxy=p:1|no_proxy=h.test", "http://h.test./", "none");
        row("name that ends alike", "http_proxy=p:1|no_proxy=h.test", "http://ah.test/",
            "http://p:1");
        row("all exempt", "http_proxy=p:1|no_proxy=*", "http://h.test/", "none");
        row("star among others is no star", "http_proxy=p:1|no_proxy=a,*", "http://h.test/",
            "http://p:1");
        row("NO_PROXY", "http_proxy=p:1|NO_PROXY=h.test", "http://h.test/", "none");
        row("no_proxy first", "http_proxy=p:1|NO_PROXY=h.test|no_proxy=a", "http://h.test/",
            "http://p:1");
        row("exempt address", "http_proxy=p:1|no_proxy=127.0.0.1", "http://127.0.0.1/", "none");
        row("end of an address", "http_proxy=p:1|no_proxy=0.0.1", "http://127.0.0.1/",
            "http://p:1");
        row("subnet", "http_proxy=p:1|no_proxy=127.0.0.0/8", "http://127.9.9.9/", "none");
        row("outside the subnet", "http_proxy=p:1|no_proxy=127.0.0.0/8", "http://128.9.9.9/",
            "http://p:1");
        row("name and subnet", "http_proxy=p:1|no_proxy=127.0.0.0/8", "http://h.test/",
            "http://p:1");
        row("IPv6", "http_proxy=p:1|no_proxy=::1", "http://[::1]/", "none");
        row("IPv6 in brackets", "http_proxy=p:1|no_proxy=[::1]", "http://[::1]/", "none");
        row("IPv6 subnet", "http_proxy=p:1|no_proxy=fe80::/10", "http://[fe80::1]/", "none");
    }
    void wayIsChosen()
    {
        QFETCH(QString, environment);
        QFETCH(QString, url);
        const auto rule = ProxyRule::choose({}, {}, environmentFrom(environment));
        QVERIFY2(rule, qPrintable(rule ? QString() : rule.error().context));
        QTEST(rule->proxyFor(QUrl(url)).shown(), "proxy");
    }

    void specComesBeforeSettingBeforeEnvironment()
    {
        const auto environment = environmentFrom(u"http_proxy=p:1|no_proxy=h.test"_s);
        const QUrl url(u"http://h.test/"_s);
        const auto via = [&](const QString &ofSpec, const QString &ofSetting) {
            return ProxyRule::choose(ofSpec, ofSetting, environment)->proxyFor(url).shown();
        };
        QCOMPARE(via({}, {}), u"none"_s);
        QCOMPARE(via({}, u"q:2"_s), u"http://q:2"_s); // no_proxy is the environment's
        QCOMPARE(via(u"r:3"_s, u"q:2"_s), u"http://r:3"_s);
        QCOMPARE(via(u"none"_s, u"q:2"_s), u"none"_s);
    }

    void variableThatCannotBeUsedIsNamed()
    {
        const auto rule =
            ProxyRule::choose({}, {}, environmentFrom(u"https_proxy=https://me:secret@h.test"_s));
        QVERIFY(!rule);
        QVERIFY(rule.error().context.contains(u"https_proxy"_s));
        QVERIFY(!rule.error().context.contains(u"secret"_s));
    }
};

QTEST_GUILESS_MAIN(TestProxyRule)
#include "tst_proxyrule.moc"
