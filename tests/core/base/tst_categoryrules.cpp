#include "core/base/categoryrulesjson.h"

#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

const QString Sample = uR"([
    {"name": "Images", "folder": "images", "extensions": ["ISO", ".img.xz"]},
    {"name": "Code", "folder": "/srv/code", "extensions": ["tar.gz"], "hosts": ["Example.org"]}])"_s;

} // namespace

class TestCategoryRules : public QObject
{
    Q_OBJECT
private slots:
    void theFirstRuleThatFitsCounts_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("category");
        const auto row = [](const char *name, const QString &url, const QString &file,
                            const QString &category) {
            QTest::newRow(name) << url << file << category;
        };
        row("extension", u"http://h/x"_s, u"a.iso"_s, u"Images"_s);
        row("extension in any case", u"http://h/x"_s, u"A.Iso"_s, u"Images"_s);
        row("double extension", u"http://h/x"_s, u"a.tar.gz"_s, u"Code"_s);
        row("a part of an extension", u"http://h/x"_s, u"a.gz"_s, QString());
        row("a name that only ends so", u"http://h/x"_s, u"aiso"_s, QString());
        row("host before extension", u"http://example.org/x"_s, u"a.iso"_s, u"Code"_s);
        row("subdomain, any case", u"http://DL.Example.ORG/x"_s, u"a"_s, u"Code"_s);
        row("another host that ends so", u"http://badexample.org/x"_s, u"a"_s, QString());
        row("nothing", u"http://h/x"_s, u"a"_s, QString());
    }
    void theFirstRuleThatFitsCounts()
    {
        QFETCH(QString, url);
        QFETCH(QString, file);
        QFETCH(QString, category);
        const auto rules = categoryRulesFromJson(Sample);
        QVERIFY(rules);
        const Category *found = rules->match(QUrl(url), file);
        QCOMPARE(found ? found->name : QString(), category);
    }

    void foldersLieInTheDownloadFolderUnlessAbsolute()
    {
        const auto rules = categoryRulesFromJson(Sample);
        QVERIFY(rules && rules->hasAbsoluteFolder());
        QCOMPARE(folderOf(*rules->find(u"Images"_s), u"/home/ann/Downloads"_s),
                 u"/home/ann/Downloads/images"_s);
        QCOMPARE(folderOf(*rules->find(u"Code"_s), u"/home/ann"_s), u"/srv/code"_s);
        QCOMPARE(rules->names(), QStringList({u"Images"_s, u"Code"_s}));
        QVERIFY(categoryRulesFromJson(u" "_s)->names().isEmpty());
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("no JSON") << u"images"_s << u"not a JSON list"_s;
        QTest::newRow("an object") << u"{}"_s << u"not a JSON list"_s;
        QTest::newRow("no object in it") << u"[1]"_s << u"category 1: \"name\""_s;
        QTest::newRow("no folder") << uR"([{"name":"a"}])"_s << u"category 1: \"folder\""_s;
        QTest::newRow("leaves") << uR"([{"name":"a","folder":"x/../../y"}])"_s << u"leaves"_s;
        QTest::newRow("twice") << uR"([{"name":"a","folder":"x"},{"name":"a","folder":"y"}])"_s
                               << u"category 2: the name \"a\""_s;
        QTest::newRow("unknown member")
            << uR"([{"name":"a","folder":"x","host":[]}])"_s << u"\"host\" is not known"_s;
        QTest::newRow("no list") << uR"([{"name":"a","folder":"x","hosts":"h"}])"_s
                                 << u"\"hosts\" is not a list"_s;
        QTest::newRow("no word") << uR"([{"name":"a","folder":"x","extensions":[7]}])"_s
                                 << u"\"extensions\""_s;
    }
    void saysWhatIsWrong()
    {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const auto rules = categoryRulesFromJson(text);
        QVERIFY(!rules);
        QCOMPARE(rules.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(rules.error().context.contains(says), qPrintable(rules.error().context));
    }
};

QTEST_APPLESS_MAIN(TestCategoryRules)
#include "tst_categoryrules.moc"
