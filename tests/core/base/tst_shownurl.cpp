#include "core/base/shownurl.h"

#include <QTest>

using namespace Qt::StringLiterals;

/// What of a URL others may see.
class tst_ShownUrl : public QObject
{
    Q_OBJECT

private slots:
    void keepsSecretsToItself_data();
    void keepsSecretsToItself();
    void findsUrlsInWhatOthersSay_data();
    void findsUrlsInWhatOthersSay();
};

void tst_ShownUrl::keepsSecretsToItself_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *name, const QString &url, const QString &shown) {
        QTest::newRow(name) << url << shown;
    };
    const auto same = [row](const char *name, const QString &url) { row(name, url, url); };
    same("nothing to hide", u"https://h/a/file.iso?size=3&lang=de"_s);
    same("no query", u"https://h/token=1/key"_s);
    same("an empty value", u"https://h/f?token=&key"_s);
    same("how long it holds is no secret", u"https://h/f?X-Amz-Expires=3600&se=2030-01-01&sp=r"_s);
    same("a name that only contains one", u"https://h/f?tokens=3&keyword=x&author=ann&passage=2"_s);
    row("user, password and fragment", u"https://me:pw@h/f?a=1#access_token=x"_s,
        u"https://h/f?a=1"_s);
    row("a token among others", u"https://h/f?a=1&token=abc&b=2"_s,
        u"https://h/f?a=1&token=***&b=2"_s);
    row("in capitals, with dashes", u"https://h/f?API-Key=abc"_s, u"https://h/f?API-Key=***"_s);
    row("in other letters", u"https://h/f?Access_Token=abc"_s, u"https://h/f?Access_Token=***"_s);
    row("names of others",
        u"https://h/f?private_token=a&tempauth=b&authkey=c&x-oss-signature=d&keyword=e"_s,
        u"https://h/f?private_token=***&tempauth=***&authkey=***&x-oss-signature=***&keyword=e"_s);
    row("an encoded name", u"https://h/f?%74oken=abc"_s, u"https://h/f?token=***"_s);
    row("equals signs and encoded ampersands in a value", u"https://h/f?sig=a=b%26c==&d=1"_s,
        u"https://h/f?sig=***&d=1"_s);
    row("twice", u"https://h/f?key=a&key=b"_s, u"https://h/f?key=***&key=***"_s);
    row("Amazon's storage",
        u"https://b.s3.test/f?X-Amz-Algorithm=AWS4&X-Amz-Credential=AK&X-Amz-Date=1&"
        "X-Amz-Security-Token=t&X-Amz-Signature=s"_s,
        u"https://b.s3.test/f?X-Amz-Algorithm=AWS4&X-Amz-Credential=***&X-Amz-Date=1&"
        "X-Amz-Security-Token=***&X-Amz-Signature=***"_s);
    row("Azure's storage", u"https://h/f?sv=2022&se=2030&sr=b&sp=r&sig=x%2Fy%3D"_s,
        u"https://h/f?sv=2022&se=2030&sr=b&sp=r&sig=***"_s);
    row("CloudFront", u"https://h/f?Policy=p&Signature=s&Key-Pair-Id=k"_s,
        u"https://h/f?Policy=***&Signature=***&Key-Pair-Id=***"_s);
    for (const auto name : {"accesskey",
                            "access_token",
                            "api_key",
                            "auth",
                            "authorization",
                            "auth_token",
                            "AWSAccessKeyId",
                            "client_secret",
                            "code",
                            "id_token",
                            "jwt",
                            "pass",
                            "passwd",
                            "password",
                            "pwd",
                            "refresh_token",
                            "secret",
                            "signature",
                            "X-Goog-Credential",
                            "X-Goog-Signature"})
        row(name, u"https://h/f?%1=abc"_s.arg(QLatin1StringView(name)),
            u"https://h/f?%1=***"_s.arg(QLatin1StringView(name)));
}

void tst_ShownUrl::keepsSecretsToItself()
{
    QFETCH(QString, url);
    QFETCH(QString, shown);
    QCOMPARE(core::shownUrl(QUrl(url)), shown);
    QCOMPARE(core::shownUrl(QUrl(shown)), shown);
}

void tst_ShownUrl::findsUrlsInWhatOthersSay_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    QTest::newRow("no URL") << u"token=abc is wrong"_s << u"token=abc is wrong"_s;
    QTest::newRow("one in the middle")
        << u"Error transferring https://me:pw@h/f?token=abc - server replied: no"_s
        << u"Error transferring https://h/f?token=*** - server replied: no"_s;
    QTest::newRow("two, in quotes and brackets")
        << u"\"http://h/?key=a\" led to (HTTPS://h/?b=1&sig=c)"_s
        << u"\"http://h/?key=***\" led to (HTTPS://h/?b=1&sig=***)"_s;
    QTest::newRow("an at sign in the path") << u"https://h/@ann?a=1"_s << u"https://h/@ann?a=1"_s;
}

void tst_ShownUrl::findsUrlsInWhatOthersSay()
{
    QFETCH(QString, text);
    QTEST(core::shownText(text), "shown");
}

QTEST_GUILESS_MAIN(tst_ShownUrl)
#include "tst_shownurl.moc"
