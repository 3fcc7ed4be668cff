#include "app/drayctl/addoptions.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace app;
using namespace Qt::StringLiterals;

namespace {

const QString Link = u"https://example.test/file.bin"_s;

tl::expected<AddRequest, Complaint> parsed(const QStringList &arguments)
{
    return parseAdd({.command = u"add"_s, .arguments = arguments + QStringList{Link}});
}

} // namespace

class AddOptionsTest : public QObject
{
    Q_OBJECT
private slots:
    void whatFollowsIsSentInTheOrderGiven_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("after");
        QTest::newRow("nothing") << QStringList() << QByteArray();
        QTest::newRow("one of each, and one twice")
            << QStringList{u"--then-move"_s, u"/films"_s,       u"--then-run"_s, u"a {path}"_s,
                           u"--then"_s,      u"extract"_s,      u"--then-run"_s, u"b"_s,
                           u"--then-open"_s, u"--then-reveal"_s}
            << QByteArray(
                   R"([{"move":"/films"},{"run":"a {path}"},"extract",{"run":"b"},"open","reveal"])");
        QTest::newRow("a folder is meant from here")
            << QStringList{u"--then-move=films/.."_s}
            << "[{\"move\":\"" + QDir::currentPath().toUtf8() + "\"}]";
        QTest::newRow("with a page")
            << QStringList{u"--media"_s, u"--then-open"_s} << QByteArray(R"(["open"])");
    }
    void whatFollowsIsSentInTheOrderGiven()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, after);
        const auto request = parsed(arguments);
        QVERIFY2(request, qPrintable(request ? QString() : request.error().message));
        const QJsonArray sent = request->specs.constFirst()[u"after"_s].toArray();
        const QByteArray text = QJsonDocument(sent).toJson(QJsonDocument::Compact);
        QCOMPARE(text, after.isEmpty() ? QByteArray("[]") : after);
    }

    void anUnknownActionIsAUsageError()
    {
        const auto request = parsed({u"--then"_s, u"dance"_s});
        QVERIFY(!request);
        QCOMPARE(request.error().code, ExitCode::Usage);
        QVERIFY(request.error().message.contains(u"dance"_s));
    }

    void theSynopsisNamesWhatMayFollow()
    {
        for (const QString &option : {u"--then extract"_s, u"--then-run CMD"_s, u"--then-open"_s,
                                      u"--then-reveal"_s, u"--then-move DIR"_s})
            QVERIFY2(addSynopsis().contains(u'[' + option + u']'), qPrintable(option));
    }
};

QTEST_GUILESS_MAIN(AddOptionsTest)
#include "tst_addoptions.moc"
