#include "core/download/connectionbudget.h"
#include "core/download/tailcopy.h"
#include "core/download/transferplan.h"
#include "tests/support/fakeclock.h"

#include <QTest>

#include <cstring>

using namespace core;
using namespace std::chrono_literals;

namespace {

constexpr qint64 MiB = 1 << 20;

std::span<const char> bytesOf(const char *text)
{
    return {text, std::strlen(text)};
}

/// A planner and its plan, in which every connection brings bytes at its own speed.
struct Bench {
    explicit Bench(qint64 size)
        : planner(size)
    { }

    void start(int connection, qint64 leaseBytes)
    {
        const auto lease = planner.lease(leaseBytes);
        leases[connection] = lease->id;
        plan.onStarted(connection, lease->id, now);
    }
    /// A tenth of a second in which connection i brings speeds[i] bytes a second; 0 is silence.
    void pass(const std::vector<qint64> &speeds)
    {
        now += 100ms;
        for (int connection = 0; connection < int(speeds.size()); ++connection) {
            const auto lease = planner.find(leases[connection]);
            const qint64 bytes = speeds[size_t(connection)] / 10;
            if (!lease || bytes == 0)
                continue;
            const qint64 count = std::min(lease->remaining(), bytes);
            planner.complete(lease->id, count);
            plan.onBytes(connection, count, now);
        }
        plan.sample(now);
    }
    void pass(const std::vector<qint64> &speeds, std::chrono::milliseconds time)
    {
        for (const auto end = now + time; now < end;)
            pass(speeds);
    }

    TransferTuning tuning;
    TransferPlan plan{tuning};
    RangePlanner planner;
    std::map<int, RangePlanner::LeaseId> leases;
    std::chrono::milliseconds now{0};
};

} // namespace

class TestTransferPlan : public QObject
{
    Q_OBJECT
private slots:
    void splitMakesBothPartsEndTogether()
    {
        Bench bench(60 * MiB);
        bench.start(0, 40 * MiB);
        bench.start(1, 20 * MiB);
        bench.pass({MiB, 3 * MiB}, 4s);
        bench.plan.onEnded(1);
        const auto split = bench.plan.split(bench.planner);
        QVERIFY(split);
        QCOMPARE(split->lease, bench.leases[0]);
        const auto lease = bench.planner.find(bench.leases[0]);
        // One against three: the slow one keeps a quarter.
        const double kept = double(split->at - lease->position) / double(lease->remaining());
        QVERIFY2(kept > 0.24 && kept < 0.26, qPrintable(QString::number(kept)));
    }

    void longestTimeLeftIsSplitNotMostBytesLeft()
    {
        Bench bench(60 * MiB);
        bench.start(0, 50 * MiB);
        bench.start(1, 10 * MiB);
        bench.pass({20 * MiB, MiB}, 500ms);
        QVERIFY(bench.planner.find(bench.leases[0])->remaining()
                > bench.planner.find(bench.leases[1])->remaining());
        QCOMPARE(bench.plan.split(bench.planner)->lease, bench.leases[1]);
    }

    void splitMustBeWorthItsRequest()
    {
        Bench bench(20 * MiB);
        bench.start(0, 20 * MiB);
        bench.now = 2s; // the first byte takes two seconds
        bench.pass({10 * MiB}, 600ms);
        QCOMPARE(bench.plan.requestCost(), 2100ms);
        QVERIFY(!bench.plan.split(bench.planner));
    }

    void partsAreNeverTiny()
    {
        Bench bench(100'000);
        bench.start(0, 100'000);
        bench.pass({10'000}, 500ms);
        QVERIFY(!bench.plan.split(bench.planner));
    }

    void withoutAnySpeedOnlyLargeLeasesAreHalved()
    {
        Bench small(MiB);
        small.start(0, MiB);
        QVERIFY(!small.plan.split(small.planner));
        Bench large(10 * MiB);
        large.start(0, 10 * MiB);
        QCOMPARE(large.plan.split(large.planner)->at, 5 * MiB);
    }

    void silentTailIsFetchedTwice()
    {
        Bench bench(2 * MiB);
        bench.start(0, MiB);
        bench.start(1, MiB);
        bench.pass({5 * MiB, 5 * MiB}, 100ms);
        QVERIFY(!bench.plan.stalledTail(bench.planner, bench.now));
        bench.pass({0, MiB}, 900ms);
        QVERIFY(!bench.plan.stalledTail(bench.planner, bench.now));
        bench.pass({0, MiB / 2}, 300ms);
        QCOMPARE(bench.plan.stalledTail(bench.planner, bench.now), std::optional(0));
        bench.plan.onCopyStarted(1, 0, bench.now);
        QVERIFY(!bench.plan.stalledTail(bench.planner, bench.now + 60s));
        bench.plan.onEnded(1);
        QCOMPARE(bench.plan.stalledTail(bench.planner, bench.now), std::optional(0));
    }

    void tailFarSlowerThanOthersIsFetchedTwice()
    {
        Bench bench(5 * MiB);
        bench.start(0, MiB);
        bench.start(1, 4 * MiB);
        bench.pass({100'000, 4 * MiB}, 1s);
        bench.plan.onEnded(1);
        QCOMPARE(bench.plan.stalledTail(bench.planner, bench.now), std::optional(0));
    }

    void silentRequestIsAskedAgain()
    {
        Bench bench(100 * MiB);
        bench.start(0, 50 * MiB);
        bench.start(1, 50 * MiB);
        bench.pass({MiB, 0}, 9s);
        QVERIFY(bench.plan.stalled(bench.now).empty());
        bench.pass({MiB, 0}, 1200ms);
        QCOMPARE(bench.plan.stalled(bench.now), std::vector<int>{1});
    }

    void silenceOfTheOnlyRequestIsItsOwnTimeout()
    {
        Bench bench(MiB);
        bench.start(0, MiB);
        bench.pass({0}, 30s);
        QVERIFY(bench.plan.stalled(bench.now).empty());
    }

    void farTooSlowRequestIsAskedAgain()
    {
        Bench bench(1000 * MiB);
        for (int connection = 0; connection < 3; ++connection)
            bench.start(connection, 300 * MiB);
        bench.pass({10 * MiB, 10 * MiB, MiB / 4}, 14s);
        QVERIFY(bench.plan.stalled(bench.now).empty());
        bench.pass({10 * MiB, 10 * MiB, MiB / 4}, 2s);
        QCOMPARE(bench.plan.stalled(bench.now), std::vector<int>{2});
    }

    void copiesAgreeOnlyWhenEveryByteDoes()
    {
        using enum TailCopy::Side;
        TailCopy copy(100, 106);
        QVERIFY(copy.add(First, bytesOf("ab")));
        QVERIFY(copy.add(Second, bytesOf("abcd")));
        QCOMPARE(copy.missing(), 2);
        QVERIFY(copy.add(First, bytesOf("cd")));
        const auto rest = copy.secondFrom(102);
        QCOMPARE(QByteArray(rest.data(), qsizetype(rest.size())), QByteArray("cd"));
        QVERIFY(copy.add(Second, bytesOf("ef")));
        QCOMPARE(copy.missing(), 0);
        QVERIFY(!copy.add(First, bytesOf("eX")));
    }

    void budgetIsSharedFairly()
    {
        const auto clock = std::make_shared<tests::FakeClock>();
        const auto budget =
            std::make_shared<ConnectionBudget>(ConnectionBudget::Limits{32, 40}, clock);
        const auto alone = budget->share(QStringLiteral("a:80"), 32);
        QCOMPARE(alone->allowed(), 32);
        auto second = budget->share(QStringLiteral("a:80"), 32);
        QCOMPARE(alone->allowed(), 16);
        QCOMPARE(second->allowed(), 16);
        second->setWanted(4);
        QCOMPARE(alone->allowed(), 28);
        QCOMPARE(second->allowed(), 4);
        const auto other = budget->share(QStringLiteral("b:80"), 32);
        QCOMPARE(second->allowed(), 4);
        QCOMPARE(alone->allowed() + other->allowed(), 36);
        QCOMPARE(alone->allowed(), other->allowed());
        second.reset();
        QCOMPARE(alone->allowed(), 20);
    }

    void everyJobMayHaveOne()
    {
        const auto budget = std::make_shared<ConnectionBudget>(ConnectionBudget::Limits{4, 4});
        std::vector<std::unique_ptr<ConnectionBudget::Share>> shares;
        for (int job = 0; job < 10; ++job)
            shares.push_back(budget->share(QStringLiteral("a:80"), 8));
        for (const auto &share : shares)
            QCOMPARE(share->allowed(), 1);
    }

    void whatAHostBearsIsRememberedForADay()
    {
        const auto clock = std::make_shared<tests::FakeClock>();
        const auto budget = std::make_shared<ConnectionBudget>(ConnectionBudget::Limits{}, clock);
        const auto share = budget->share(QStringLiteral("a:80"), 8);
        QVERIFY(!share->known());
        share->remember({6, ConnectionBudget::Refused::Yes});
        QCOMPARE(budget->share(QStringLiteral("a:80"), 8)->known()->connections, 6);
        QVERIFY(!budget->share(QStringLiteral("a:81"), 8)->known());
        clock->advance(25h);
        QVERIFY(!share->known());
    }
};

QTEST_GUILESS_MAIN(TestTransferPlan)
#include "tst_transferplan.moc"
