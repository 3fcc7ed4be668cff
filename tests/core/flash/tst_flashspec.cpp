#include "core/flash/flashspecjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(core::ErrorCode)

class TestFlashSpec : public QObject
{
    Q_OBJECT
private slots:
    void storedSpecIsReadBack_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("least") << QByteArray("{'drives':['a'],'image':'/i.img'}");
        QTest::newRow("all of a file") << QByteArray(
            "{'bmap':'/"
            "i.bmap','bytesPerSecond':2000000,'drives':['a','b'],'erase':['S1'],'image':'/i.img',"
            "'partition':'root','verify':false}");
        QTest::newRow("a partition alone") << QByteArray("{'drives':['a'],'partition':'root'}");
        QTest::newRow("url") << QByteArray(
            "{'drives':['a'],'keep':true,'url':'https://host/i.img.xz'}");
    }
    void storedSpecIsReadBack()
    {
        QFETCH(QByteArray, json);
        json.replace('\'', '"');
        const auto spec = flashSpecFromJson(QJsonDocument::fromJson(json).object());
        QVERIFY(spec);
        QCOMPARE(QJsonDocument(toJson(*spec)).toJson(QJsonDocument::Compact), json);
        QVERIFY(flashSpecFromJson(toJson(*spec)) == *spec);
    }
    void defaults()
    {
        const auto spec = flashSpecFromJson({{u"image"_s, u"/i"_s},
                                             {u"drives"_s, QJsonArray{u"a"_s}},
                                             {u"sha256"_s, QString(64, u'A')}});
        QVERIFY(spec);
        QCOMPARE(spec->verify, Verify::Yes);
        QCOMPARE(spec->keep, FlashSpec::Keep::No);
        QCOMPARE(spec->sha256, QString(64, u'a'));
    }
    void refuses_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<ErrorCode>("code");
        const ErrorCode wrong = ErrorCode::InvalidArgument;
        QTest::newRow("no source") << QByteArray("{'drives':['a']}") << wrong;
        QTest::newRow("two sources")
            << QByteArray("{'drives':['a'],'image':'/i','url':'https://h/i'}") << wrong;
        QTest::newRow("relative image") << QByteArray("{'drives':['a'],'image':'i'}") << wrong;
        QTest::newRow("no drive") << QByteArray("{'image':'/i'}") << wrong;
        QTest::newRow("drive twice") << QByteArray("{'drives':['a','a'],'image':'/i'}") << wrong;
        QTest::newRow("empty drive") << QByteArray("{'drives':[''],'image':'/i'}") << wrong;
        QTest::newRow("drives are no list") << QByteArray("{'drives':'a','image':'/i'}") << wrong;
        QTest::newRow("drive is a number") << QByteArray("{'drives':[1],'image':'/i'}") << wrong;
        QTest::newRow("verify is no bool")
            << QByteArray("{'drives':['a'],'image':'/i','verify':'no'}") << wrong;
        QTest::newRow("sha256 is none")
            << QByteArray("{'drives':['a'],'image':'/i','sha256':'abc'}") << wrong;
        QTest::newRow("relative bmap")
            << QByteArray("{'drives':['a'],'image':'/i','bmap':'i.bmap'}") << wrong;
        QTest::newRow("limit is a text")
            << QByteArray("{'bytesPerSecond':'1M','drives':['a'],'image':'/i'}") << wrong;
        QTest::newRow("limit below nothing")
            << QByteArray("{'bytesPerSecond':-1,'drives':['a'],'image':'/i'}") << wrong;
        QTest::newRow("no URL") << QByteArray("{'drives':['a'],'url':'host/i'}")
                                << ErrorCode::InvalidUrl;
        QTest::newRow("other scheme")
            << QByteArray("{'drives':['a'],'url':'ftp://host/i'}") << ErrorCode::UnsupportedScheme;
    }
    void refuses()
    {
        QFETCH(QByteArray, json);
        json.replace('\'', '"');
        QFETCH(const ErrorCode, code);
        const auto spec = flashSpecFromJson(QJsonDocument::fromJson(json).object());
        QVERIFY(!spec);
        QCOMPARE(spec.error().code, code);
        QVERIFY(!spec.error().context.isEmpty());
    }
};
QTEST_GUILESS_MAIN(TestFlashSpec)
#include "tst_flashspec.moc"
