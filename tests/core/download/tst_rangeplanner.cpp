#include "core/download/rangeplanner.h"

#include <QTest>

#include <random>

using namespace core;

namespace {

constexpr qint64 Huge = RangePlanner::UnknownSize;

/// done ∪ leased ∪ free = [0, size), pairwise disjoint.
bool isPartition(const RangePlanner &planner)
{
    ByteRanges all;
    qint64 sum = planner.done().bytes() + planner.free().bytes();
    for (const ByteRange range : planner.done().list() + planner.free().list())
        all.add(range);
    for (const RangePlanner::Lease &lease : planner.leases()) {
        all.add({lease.position, lease.end});
        sum += lease.remaining();
    }
    return sum == planner.size() && all.bytes() == sum
        && (sum == 0 || all.list() == QList<ByteRange>{{0, planner.size()}});
}

} // namespace

class TestRangePlanner : public QObject
{
    Q_OBJECT
private slots:
    void rangesMergeAndSplit()
    {
        ByteRanges ranges({{10, 20}, {30, 40}, {20, 30}});
        QCOMPARE(ranges.list(), (QList<ByteRange>{{10, 40}}));
        ranges.remove({15, 18});
        QCOMPARE(ranges.list(), (QList<ByteRange>{{10, 15}, {18, 40}}));
        QCOMPARE(ranges.bytes(), 27);
        QVERIFY(ranges.contains({18, 40}));
        QVERIFY(!ranges.contains({14, 19}));
        QCOMPARE(ranges.prefixEnd(), 0);
        ranges.add({0, 12});
        QCOMPARE(ranges.prefixEnd(), 15);
        ranges.add({5, 5});
        ranges.remove({100, 200});
        QCOMPARE(ranges.bytes(), 37);
    }

    void leasesComeInFileOrder()
    {
        RangePlanner planner(100, ByteRanges({{0, 10}, {50, 60}}));
        const auto first = planner.lease(20);
        const auto second = planner.lease(Huge);
        QCOMPARE(first->position, 10);
        QCOMPARE(first->end, 30);
        QCOMPARE(second->position, 30);
        QCOMPARE(second->end, 50);
        QCOMPARE(planner.lease(Huge)->position, 60);
        QVERIFY(!planner.lease(Huge));
    }

    void leaseIsSplitWhereAsked()
    {
        RangePlanner planner(100);
        const auto whole = planner.lease(Huge);
        planner.complete(whole->id, 20);
        const auto second = planner.split(whole->id, 70);
        QCOMPARE(second->position, 70);
        QCOMPARE(second->end, 100);
        QCOMPARE(planner.find(whole->id)->end, 70);
        QVERIFY(!planner.split(whole->id, 20));
        QVERIFY(!planner.split(whole->id, 70));
        QVERIFY(!planner.split(99, 50));
        QVERIFY(isPartition(planner));
    }

    void leaseGrowsOverFreeBytesOnly()
    {
        RangePlanner planner(100);
        const auto first = planner.lease(20);
        const auto second = planner.lease(20);
        QCOMPARE(planner.extend(first->id, Huge), 0);
        QCOMPARE(planner.extend(second->id, 10), 10);
        planner.shrink(second->id, 5);
        QCOMPARE(planner.find(second->id)->end, 25);
        planner.complete(second->id, 5);
        QVERIFY(!planner.find(second->id));
        QVERIFY(isPartition(planner));
    }

    void streamOfUnknownLengthSettles()
    {
        RangePlanner planner;
        const auto lease = planner.lease(Huge);
        planner.complete(lease->id, 42);
        QVERIFY(!planner.isComplete());
        planner.settleSize(42);
        QVERIFY(planner.isComplete());
        QVERIFY(isPartition(planner));
    }

    void emptyFileIsComplete() { QVERIFY(RangePlanner(0).isComplete()); }

    void everyByteHasOneOwnerWhateverHappens()
    {
        for (quint32 seed = 0; seed < 3000; ++seed) {
            std::mt19937 random(seed);
            const auto upTo = [&random](qint64 n) { return qint64(random() % quint64(n + 1)); };
            RangePlanner planner(1 + upTo(5000));
            for (int step = 0; step < 200 && !planner.isComplete(); ++step) {
                const QList<RangePlanner::LeaseId> ids = planner.leases().keys();
                const auto id = ids.isEmpty() ? 0 : ids.at(upTo(ids.size() - 1));
                const auto lease = planner.find(id);
                switch (upTo(6)) {
                case 0:
                    (void)planner.lease(1 + upTo(700));
                    break;
                case 1:
                    (void)planner.split(id, upTo(planner.size()));
                    break;
                case 2:
                    planner.extend(id, upTo(300));
                    break;
                case 3:
                    planner.shrink(id, upTo(300));
                    break;
                case 4:
                    planner.shrinkAll(upTo(900));
                    break;
                case 5:
                    planner.release(upTo(3) == 0 ? id : 0);
                    break;
                default:
                    planner.complete(id, lease ? upTo(lease->remaining()) : 0);
                }
                QVERIFY2(isPartition(planner), qPrintable(QString::number(seed)));
                QCOMPARE(planner.isComplete(), planner.done().contains({0, planner.size()}));
            }
            for (const auto id : planner.leases().keys())
                planner.release(id);
            while (const auto lease = planner.lease(Huge))
                planner.complete(lease->id, lease->remaining());
            QVERIFY(planner.isComplete() && isPartition(planner));
        }
    }
};

QTEST_GUILESS_MAIN(TestRangePlanner)
#include "tst_rangeplanner.moc"
