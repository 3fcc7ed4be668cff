#include "core/flash/outstandingwrites.h"

#include <QTest>

#include <atomic>
#include <barrier>
#include <latch>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

Extent extentAt(qint64 number)
{
    return {.offset = number * ExtentBytes};
}

} // namespace

class TestOutstandingWrites : public QObject
{
    Q_OBJECT
private slots:
    void depthIsHowManyAreUnderWay_data()
    {
        QTest::addColumn<int>("depth");
        for (const int depth : {1, 2, 4})
            QTest::addRow("%d", depth) << depth;
    }
    void depthIsHowManyAreUnderWay()
    {
        QFETCH(const int, depth);
        std::atomic<int> underWay{0};
        std::atomic<int> most{0};
        std::atomic<int> written{0};
        std::barrier all(depth); // nobody goes on before `depth` are there
        OutstandingWrites writes(depth, [&](const Extent &) -> Result<void> {
            const int here = ++underWay;
            int seen = most;
            while (here > seen && !most.compare_exchange_weak(seen, here)) { }
            all.arrive_and_wait();
            --underWay;
            ++written;
            return {};
        });
        for (int i = 0; i < 3 * depth; ++i)
            QVERIFY(writes.put(extentAt(i)));
        QVERIFY(writes.drain());
        QCOMPARE(written, 3 * depth);
        QCOMPARE(most, depth);
    }
    void everyExtentIsWrittenOnce()
    {
        std::mutex mutex;
        QList<qint64> offsets;
        OutstandingWrites writes(4, [&](const Extent &extent) -> Result<void> {
            const std::lock_guard lock(mutex);
            offsets.append(extent.offset);
            return {};
        });
        for (int i = 0; i < 100; ++i)
            QVERIFY(writes.put(extentAt(i)));
        QVERIFY(writes.drain());
        std::ranges::sort(offsets);
        QCOMPARE(offsets.size(), 100);
        for (int i = 0; i < 100; ++i)
            QCOMPARE(offsets[i], i * ExtentBytes);
    }
    void nothingIsBegunAfterAnError()
    {
        std::latch isFailed(1);
        std::atomic<int> begun{0};
        OutstandingWrites writes(2, [&](const Extent &extent) -> Result<void> {
            ++begun;
            if (extent.offset == 0) {
                isFailed.count_down();
                return fail(ErrorCode::DeviceFailed, u"byte 0"_s);
            }
            isFailed.wait();
            return {};
        });
        Result<void> put;
        int asked = 0;
        for (; put && asked < 1000; ++asked) // as long as it takes until the error is known
            put = writes.put(extentAt(asked));
        QVERIFY(!put);
        QCOMPARE(put.error().context, u"byte 0"_s);
        const auto drained = writes.drain();
        QVERIFY(!drained);
        QCOMPARE(drained.error().context, u"byte 0"_s);
        const int before = begun;
        QVERIFY(!writes.put(extentAt(asked)));
        QVERIFY(!writes.drain());
        QCOMPARE(begun, before);
    }
    void noneIsUnderWayAfterwards()
    {
        std::atomic<int> underWay{0};
        std::latch isOneThere(1);
        {
            OutstandingWrites writes(4, [&](const Extent &) -> Result<void> {
                ++underWay;
                if (!isOneThere.try_wait())
                    isOneThere.count_down();
                std::this_thread::yield();
                --underWay;
                return {};
            });
            QVERIFY(writes.put(extentAt(0)));
            isOneThere.wait();
        }
        QCOMPARE(underWay, 0);
    }
};
QTEST_GUILESS_MAIN(TestOutstandingWrites)
#include "tst_outstandingwrites.moc"
