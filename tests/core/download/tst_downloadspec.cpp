#include "core/download/downloadspecjson.h"

#include <QJsonDocument>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;
Q_DECLARE_METATYPE(core::ErrorCode)

namespace {

/// JSON with ' for ", so that it can be read in a C++ string.
Result<DownloadSpec> parse(QByteArray json)
{
    json.replace('\'', '"');
    return downloadSpecFromJson(QJsonDocument::fromJson(json).object());
}

} // namespace

class TestDownloadSpec : public QObject
{
    Q_OBJECT
private slots:
    void everyMemberIsReadAndWrittenBack()
    {
        const auto spec = parse("{'url':'https://me:pw@h:8443/a%20b?x=%2F#f','to':'/data',"
                                "'name':'x.bin','sha256':'"
                                + QByteArray(64, 'A')
                                + "','connections':32,'bytesPerSecond':1048576,"
                                  "'headers':{'Authorization':'Bearer t','X-A':'1'},"
                                  "'userAgent':'U','referer':'R','cookies':'/c',"
                                  "'category':'Images','ifExists':'skip',"
                                  "'after':['extract',{'run':'scan {path}'}],"
                                  "'unknown':[1,{'a':2}]}");
        QVERIFY(spec);
        QCOMPARE(spec->url.toEncoded(), QByteArray("https://me:pw@h:8443/a%20b?x=%2F#f"));
        QCOMPARE(spec->sha256, QString(64, u'a'));
        QCOMPARE(spec->connections, 32);
        QCOMPARE(spec->bytesPerSecond, 1048576);
        QCOMPARE(spec->headers,
                 (QList<HeaderLine>{{u"Authorization"_s, u"Bearer t"_s}, {u"X-A"_s, u"1"_s}}));
        QCOMPARE(spec->request,
                 (RequestSpec{.userAgent = u"U"_s, .referer = u"R"_s, .cookies = u"/c"_s}));
        QCOMPARE(spec->category, u"Images"_s);
        QCOMPARE(spec->ifExists, std::optional(IfExists::Skip));
        QCOMPARE(spec->after, (QList<AfterAction>{{}, {AfterAction::Kind::Run, u"scan {path}"_s}}));
        QCOMPARE(downloadSpecFromJson(toJson(*spec)), spec);
    }

    void loginIsReadAndWrittenBack()
    {
        const auto spec = parse("{'url':'http://h/a','user':'U','password':'P','netrc':'/n',"
                                "'proxy':'socks5://h:1'}");
        QVERIFY(spec);
        QCOMPARE(
            spec->request,
            (RequestSpec{
                .user = u"U"_s, .password = u"P"_s, .netrc = u"/n"_s, .proxy = u"socks5://h:1"_s}));
        QCOMPARE(downloadSpecFromJson(toJson(*spec)), spec);
    }

    void checksumIsReadAndWrittenBack()
    {
        const auto spec =
            parse("{'url':'http://h/a','checksum':'SHA-1=" + QByteArray(40, 'A') + "'}");
        QVERIFY(spec);
        QCOMPARE(spec->checksum, (Checksum{DigestAlgorithm::Sha1, QByteArray(20, '\xaa')}));
        QCOMPARE(downloadSpecFromJson(toJson(*spec)), spec);
    }

    void placeOfTheChecksumIsReadAndWrittenBack()
    {
        for (const QByteArray from : {"auto", "https://h/SHA256SUMS"}) {
            const auto spec = parse("{'url':'http://h/a','checksumFrom':'" + from + "'}");
            QVERIFY(spec);
            QCOMPARE(spec->checksumFrom, QString::fromLatin1(from));
            QCOMPARE(downloadSpecFromJson(toJson(*spec)), spec);
        }
    }

    void onlyAUrlIsNeeded()
    {
        const auto spec = parse("{'url':' http://h/a '}");
        QVERIFY(spec);
        DownloadSpec expected;
        expected.url = QUrl(u"http://h/a"_s);
        QCOMPARE(*spec, expected);
        QCOMPARE(toJson(*spec).keys(), QStringList{u"url"_s});
    }

    void badValueIsNamed_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("named");
        const auto row = [](const char *name, const QByteArray &json, const QString &named,
                            ErrorCode code = ErrorCode::InvalidArgument) {
            QTest::newRow(name) << json << code << named;
        };
        const auto with = [](const QByteArray &member) {
            return QByteArray("{'url':'http://h/a',") + member + '}';
        };
        row("no url", "{}", u"url"_s, ErrorCode::InvalidUrl);
        row("not a url", "{'url':'not a url'}", u"not a url"_s, ErrorCode::InvalidUrl);
        row("relative", "{'url':'/a/b'}", u"/a/b"_s, ErrorCode::InvalidUrl);
        row("no host", "{'url':'http:///a'}", u"http:///a"_s, ErrorCode::InvalidUrl);
        row("bad port", "{'url':'http://h:99999/a'}", u"99999"_s, ErrorCode::InvalidUrl);
        row("number for url", "{'url':7}", u"7"_s);
        row("ftp", "{'url':'ftp://h/a'}", u"ftp"_s, ErrorCode::UnsupportedScheme);
        row("file", "{'url':'file:///etc/passwd'}", u"file"_s, ErrorCode::UnsupportedScheme);
        row("javascript", "{'url':'javascript:x'}", u"javascript"_s, ErrorCode::UnsupportedScheme);
        row("short sha256", with("'sha256':'abc'"), u"abc"_s);
        row("sha256 as number", with("'sha256':12"), u"sha256"_s);
        row("no connections", with("'connections':0"), u"connections"_s);
        row("too many connections", with("'connections':33"), u"33"_s);
        row("half a connection", with("'connections':1.5"), u"1.5"_s);
        row("connections as text", with("'connections':'4'"), u"connections"_s);
        row("unknown choice", with("'ifExists':'maybe'"), u"maybe"_s);
        row("choice of another type", with("'ifExists':1"), u"ifExists"_s);
        row("a folder Dray works in", with("'after':[{'move':'/d/.media-1-2/x'}]"), u".media-"_s);
        row("a name a move works with", with("'name':'.moving-1-2'"), u".moving-"_s);
        row("unknown action", with("'after':['dance']"), u"dance"_s);
        row("negative limit", with("'bytesPerSecond':-1"), u"-1"_s);
        row("limit beyond exact numbers", with("'bytesPerSecond':1e300"), u"bytesPerSecond"_s);
        row("relative folder", with("'to':'data'"), u"data"_s);
        row("name with a slash", with("'name':'../x'"), u"../x"_s);
        row("name of two dots", with("'name':'..'"), u".."_s);
        row("name with a line end", with("'name':'a\\nb'"), u"name"_s);
        row("name too long", with("'name':'" + QByteArray(231, 'x') + '\''), u"230"_s);
        row("headers as list", with("'headers':['a']"), u"headers"_s);
        row("header value as number", with("'headers':{'X-A':1}"), u"X-A"_s);
        row("header name with a space", with("'headers':{'X A':'1'}"), u"X A"_s);
        row("header injects a line", with("'headers':{'X-A':'1\\r\\nHost: x'}"), u"line ends"_s);
        row("header with NUL", with("'headers':{'X-A':'1\\u0000'}"), u"NUL"_s);
        row("user agent of two lines", with("'userAgent':'a\\nb'"), u"userAgent"_s);
        row("user agent as number", with("'userAgent':1"), u"userAgent"_s);
        row("referer of two lines", with("'referer':'a\\rb'"), u"referer"_s);
        row("relative cookie file", with("'cookies':'c.txt'"), u"c.txt"_s);
        row("user agent twice", with("'userAgent':'a','headers':{'user-agent':'b'}"),
            u"userAgent"_s);
        row("referer twice", with("'referer':'a','headers':{'Referer':'b'}"), u"referer"_s);
        row("cookies twice", with("'cookies':'/c','headers':{'Cookie':'b'}"), u"cookies"_s);
        row("user twice", "{'url':'http://me@h/a','user':'you'}", u"user"_s);
        row("user with a colon", with("'user':'a:b'"), u"user"_s);
        row("password alone", with("'password':'b'"), u"password"_s);
        row("password of two lines", with("'user':'a','password':'b\\n'"), u"password"_s);
        row("relative netrc", with("'netrc':'.netrc'"), u".netrc"_s);
        row("proxy of an unknown kind", with("'proxy':'ftp://h'"), u"proxy"_s);
        row("authorization twice", with("'user':'a','headers':{'authorization':'b'}"), u"user"_s);
    }
    void badValueIsNamed()
    {
        QFETCH(QByteArray, json);
        QFETCH(ErrorCode, code);
        QFETCH(QString, named);
        const auto spec = parse(json);
        QVERIFY(!spec);
        QCOMPARE(errorCodeName(spec.error().code), errorCodeName(code));
        QVERIFY2(spec.error().context.contains(named), qPrintable(spec.error().context));
    }

    void badChecksumIsNamed_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("named");
        const auto row = [](const char *name, const QByteArray &members, const QString &named,
                            ErrorCode code = ErrorCode::InvalidArgument) {
            QTest::newRow(name) << "{'url':'http://h/a'," + members + '}' << code << named;
        };
        row("unknown checksum", "'checksum':'crc32=00'", u"crc32"_s);
        row("short checksum", "'checksum':'md5=00'", u"checksum"_s);
        row("checksum as number", "'checksum':12", u"checksum"_s);
        row("checksum from a word", "'checksumFrom':'there'", u"checksumFrom"_s,
            ErrorCode::InvalidUrl);
        row("checksum from no host", "'checksumFrom':'http:///a'", u"checksumFrom"_s,
            ErrorCode::InvalidUrl);
        row("checksum given and looked for",
            "'checksumFrom':'auto','checksum':'md5=" + QByteArray(32, '0') + '\'', u"only one"_s);
        row("checksum twice",
            "'sha256':'" + QByteArray(64, '0') + "','checksum':'md5=" + QByteArray(32, '0') + '\'',
            u"only one"_s);
    }
    void badChecksumIsNamed() { badValueIsNamed(); }

    void headersOfTheEngineAreRefused()
    {
        for (const QByteArray own : {"Host", "content-length", "Transfer-Encoding", "RANGE",
                                     "If-Range", "Accept-Encoding", "Connection"}) {
            const auto spec = parse("{'url':'http://h/a','headers':{'" + own + "':'1'}}");
            QVERIFY(!spec);
            QVERIFY2(spec.error().context.contains(QString::fromLatin1(own)), own.constData());
        }
    }

    void messageShowsNoPassword()
    {
        const auto spec = parse("{'url':'ftp://me:secret@h/a'}");
        QVERIFY(!spec.error().context.contains(u"secret"_s));
        const auto other = parse("{'url':'http://h/a','password':'secret'}");
        QVERIFY(!other.error().context.contains(u"secret"_s));
    }
};

QTEST_GUILESS_MAIN(TestDownloadSpec)
#include "tst_downloadspec.moc"
