#include "core/download/afteractionjson.h"
#include "server/dialects/native/speccodec.h"

#include <QJsonDocument>
#include <QTest>

using namespace server;
using namespace Qt::StringLiterals;

namespace {

/// moc reads no raw strings.
QByteArray json(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

core::Result<AddRequest> asked(const QByteArray &members)
{
    const QByteArray spec = json("{'kind':'download','url':'http://h/x'") + members + '}';
    return addRequestFrom(Params(QJsonDocument::fromJson(spec).object()));
}

} // namespace

class SpecCodecTest final : public QObject
{
    Q_OBJECT
private slots:
    void whatFollowsIsTakenInBothSpellings_data()
    {
        QTest::addColumn<QByteArray>("members");
        QTest::addColumn<QByteArray>("after");
        const auto row = [](const char *name, const char *members, const char *after) {
            QTest::newRow(name) << json(members) << json(after);
        };
        row("nothing", "", "[]");
        row("after", ",'after':['extract',{'move':'/d'}]", "['extract',{'move':'/d'}]");
        row("one word", ",'then':'extract'", "['extract']");
        row("several words", ",'then':['extract','reveal']", "['extract','reveal']");
        row("a folder", ",'thenMove':'/d'", "[{'move':'/d'}]");
        row("a command", ",'thenRun':'true {path}'", "[{'run':'true {path}'}]");
        row("yes and no", ",'thenOpen':true,'thenReveal':false", "['open']");
        row("null", ",'then':null,'after':null", "[]");
        row("both", ",'after':['extract'],'thenOpen':true,'thenMove':'/d'",
            "['extract','open',{'move':'/d'}]");
    }
    void whatFollowsIsTakenInBothSpellings()
    {
        QFETCH(const QByteArray, members);
        QFETCH(const QByteArray, after);
        for (const QByteArray &kind : {QByteArray(), json(",'kind':'media'")}) {
            const auto request = asked(members + kind);
            QVERIFY2(request, qPrintable(request ? QString() : request.error().context));
            const auto &download = std::get<core::JobService::AddDownload>(*request);
            const QJsonArray actions = core::toJson(download.spec.after);
            QCOMPARE(QJsonDocument(actions).toJson(QJsonDocument::Compact), after);
        }
    }
    void whatIsNoActionIsRefused_data()
    {
        QTest::addColumn<QByteArray>("members");
        QTest::newRow("a word") << json(",'then':'explode'");
        QTest::newRow("a list of others") << json(",'then':[1]");
        QTest::newRow("no folder") << json(",'thenMove':'d'");
        QTest::newRow("no text") << json(",'thenMove':1");
        QTest::newRow("no command") << json(",'thenRun':''");
        QTest::newRow("after is no list") << json(",'after':'x','then':'extract'");
    }
    void whatIsNoActionIsRefused()
    {
        QFETCH(const QByteArray, members);
        QCOMPARE(asked(members).error().code, core::ErrorCode::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(SpecCodecTest)
#include "tst_speccodec.moc"
