#include "app/datafolder.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace app;
using namespace Qt::StringLiterals;
using core::ErrorCode;

class TestDataFolder : public QObject
{
    Q_OBJECT
private slots:
    void isMadePrivate()
    {
        const QTemporaryDir parent;
        const QString path = parent.filePath(u"a/b"_s);
        const auto folder = DataFolder::take(path);
        QVERIFY(folder);
        const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup
            | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
        QCOMPARE(QFile::permissions(path) & others, QFile::Permissions());
    }

    void hasOneHubAtATime()
    {
        const QTemporaryDir parent;
        {
            const auto first = DataFolder::take(parent.path());
            QVERIFY(first);
            const auto second = DataFolder::take(parent.path());
            QCOMPARE(second.error().code, ErrorCode::Busy);
            QVERIFY(second.error().context.contains(parent.path()));
        }
        QVERIFY(DataFolder::take(parent.path()));
    }

    void endpointIsThereOnlyWhileTheHubIs()
    {
        const QTemporaryDir parent;
        QCOMPARE(readEndpoint(parent.path()).error().code, ErrorCode::NotFound);
        {
            const auto folder = DataFolder::take(parent.path());
            QVERIFY(folder);
            QVERIFY(folder->writeEndpoint(
                {.url = QUrl(u"http://127.0.0.1:1234"_s), .pid = 42, .token = u"t0k"_s}));
            const auto endpoint = readEndpoint(parent.path());
            QVERIFY(endpoint);
            QCOMPARE(endpoint->url, QUrl(u"http://127.0.0.1:1234"_s));
            QCOMPARE(endpoint->pid, 42);
            QCOMPARE(endpoint->token, u"t0k"_s);
            const QString file = parent.filePath(u"endpoint.json"_s);
            QCOMPARE(QFile::permissions(file) & (QFile::ReadGroup | QFile::ReadOther),
                     QFile::Permissions());
        }
        QCOMPARE(readEndpoint(parent.path()).error().code, ErrorCode::NotFound);
    }

    void whatAKilledHubLeftIsRemoved()
    {
        const QTemporaryDir parent;
        QVERIFY(core::writeFileAtomically(parent.filePath(u"endpoint.json"_s), "{}"));
        const auto folder = DataFolder::take(parent.path());
        QVERIFY(folder);
        QVERIFY(!QFile::exists(parent.filePath(u"endpoint.json"_s)));
    }

    void aSpoiltEndpointIsNamed()
    {
        const QTemporaryDir parent;
        QVERIFY(core::writeFileAtomically(parent.filePath(u"endpoint.json"_s), "{\"url\":"));
        const auto endpoint = readEndpoint(parent.path());
        QVERIFY(!endpoint);
        QVERIFY(endpoint.error().context.contains(u"endpoint.json"_s));
    }
};
QTEST_GUILESS_MAIN(TestDataFolder)
#include "tst_datafolder.moc"
