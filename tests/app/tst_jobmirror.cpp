#include "app/drayctl/jobmirror.h"

#include <QJsonDocument>
#include <QTest>

using namespace app;
using namespace Qt::StringLiterals;

namespace {

QJsonObject json(const char *text)
{
    return QJsonDocument::fromJson(text).object();
}

JobMirror mirrorWithOneJob()
{
    JobMirror mirror(QJsonArray{u"id"_s, u"rev"_s, u"done"_s, u"total"_s, u"bytesPerSecond"_s});
    mirror.addSnapshot(
        {json(R"({"id":"7","rev":3,"state":"running","done":1,"error":{"code":"x"}})")});
    return mirror;
}

} // namespace

class TestJobMirror : public QObject
{
    Q_OBJECT
private slots:
    void patchesAreMerged()
    {
        JobMirror mirror = mirrorWithOneJob();
        const QStringList moved = mirror.apply(json(
            R"({"method":"event","params":{"type":"job.changed","id":"7","rev":4,"patch":{"state":"paused","error":null}}})"));
        QCOMPARE(moved, QStringList{u"7"_s});
        QCOMPARE(mirror.job(u"7"_s), json(R"({"id":"7","rev":4,"state":"paused","done":1})"));
    }

    void oldNewsIsIgnored()
    {
        JobMirror mirror = mirrorWithOneJob();
        QVERIFY(
            mirror
                .apply(json(
                    R"({"method":"event","params":{"type":"job.changed","id":"7","rev":3,"patch":{"state":"paused"}}})"))
                .isEmpty());
        QVERIFY(
            mirror
                .apply(json(
                    R"({"method":"progress","params":{"jobs":[["7",2,99,100,5],["8",9,1,1,1]]}})"))
                .isEmpty());
        QCOMPARE(mirror.job(u"7"_s)[u"done"_s].toInteger(), 1);
    }

    void progressRowsFollowTheColumns()
    {
        JobMirror mirror = mirrorWithOneJob();
        QCOMPARE(
            mirror.apply(json(R"({"method":"progress","params":{"jobs":[["7",5,99,null,12]]}})")),
            QStringList{u"7"_s});
        QCOMPARE(mirror.job(u"7"_s)[u"done"_s].toInteger(), 99);
        QVERIFY(!mirror.job(u"7"_s).contains(u"total"_s));
        QCOMPARE(mirror.job(u"7"_s)[u"bytesPerSecond"_s].toInteger(), 12);
    }

    void jobsComeAndGo()
    {
        JobMirror mirror = mirrorWithOneJob();
        QCOMPARE(
            mirror.apply(json(
                R"({"method":"event","params":{"type":"job.added","id":"8","object":{"id":"8","rev":1}}})")),
            QStringList{u"8"_s});
        QCOMPARE(mirror.job(u"8"_s)[u"rev"_s].toInteger(), 1);
        QCOMPARE(
            mirror.apply(json(R"({"method":"event","params":{"type":"job.removed","id":"7"}})")),
            QStringList{u"7"_s});
        QVERIFY(mirror.job(u"7"_s).isEmpty());
    }
};
QTEST_GUILESS_MAIN(TestJobMirror)
#include "tst_jobmirror.moc"
