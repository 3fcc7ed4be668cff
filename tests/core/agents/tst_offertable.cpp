#include "core/agents/offertable.h"

#include <QTest>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

OfferTable::Seat seat(const QStringList &capabilities, const QString &owner = u"local"_s)
{
    return {{.name = owner, .owner = owner, .scopes = Scope::Report}, capabilities, 20s};
}

OfferTable::Waiting scan(qint64 position, const QString &owner = u"local"_s)
{
    return {u"scan"_s, owner, position};
}

/// "1 to a, 2 to b": who was offered what.
QString text(const QList<Offer> &offers)
{
    QStringList words;
    for (const Offer &offer : offers)
        words.append(offer.job.toString() + u" to "_s + offer.agent);
    return words.join(u", "_s);
}

QString makeId(JobId job)
{
    return u"o"_s + job.toString();
}

} // namespace

class OfferTableTest final : public QObject
{
    Q_OBJECT
private slots:
    void theFirstJobGoesToWhoIsFreeLongest()
    {
        m_table.seat(u"b"_s, seat({u"scan"_s}));
        m_table.seat(u"a"_s, seat({u"scan"_s}));
        m_table.wait(JobId{8}, scan(1));
        m_table.wait(JobId{7}, scan(2));
        m_table.wait(JobId{9}, scan(3));
        QCOMPARE(text(m_table.match(0s, makeId)), u"8 to b, 7 to a"_s);
        QVERIFY(m_table.close(u"b"_s, u"o8"_s));
        m_table.stopWaiting(JobId{8});
        QCOMPARE(text(m_table.match(0s, makeId)), u"9 to b"_s);
    }

    void jobsGoByPositionWhateverTheirKind()
    {
        m_table.seat(u"a"_s, seat({u"scan"_s, u"print"_s}));
        m_table.wait(JobId{1}, {u"print"_s, u"local"_s, 20});
        m_table.wait(JobId{2}, {u"scan"_s, u"local"_s, 10});
        QCOMPARE(text(m_table.match(0s, makeId)), u"2 to a"_s);
    }

    void nobodyGetsWhatItCannotDoOrMayNotSee_data()
    {
        QTest::addColumn<OfferTable::Seat>("agent");
        QTest::addColumn<QString>("given");
        QTest::newRow("it can") << seat({u"scan"_s}) << u"1 to a"_s;
        QTest::newRow("another capability") << seat({u"print"_s}) << QString();
        QTest::newRow("none") << seat({}) << QString();
        QTest::newRow("another owner") << seat({u"scan"_s}, u"anna"_s) << QString();
        OfferTable::Seat admin = seat({u"scan"_s}, u"anna"_s);
        admin.who.scopes = Scope::Admin;
        QTest::newRow("an admin") << admin << u"1 to a"_s;
    }
    void nobodyGetsWhatItCannotDoOrMayNotSee()
    {
        QFETCH(const OfferTable::Seat, agent);
        m_table.seat(u"a"_s, agent);
        m_table.wait(JobId{1}, scan(1));
        QTEST(text(m_table.match(0s, makeId)), "given");
    }

    void noJobIsOfferedTwiceAtOnce()
    {
        m_table.seat(u"a"_s, seat({u"scan"_s}));
        m_table.wait(JobId{1}, scan(1));
        QCOMPARE(text(m_table.match(0s, makeId)), u"1 to a"_s);
        m_table.seat(u"b"_s, seat({u"scan"_s}));
        m_table.wait(JobId{1}, scan(5)); // it was moved
        QCOMPARE(text(m_table.match(0s, makeId)), QString());
        QVERIFY(m_table.accept(u"a"_s, u"o1"_s, 0s));
        QCOMPARE(text(m_table.match(0s, makeId)), QString());
    }

    void anOfferIsForOneAgent()
    {
        m_table.seat(u"a"_s, seat({u"scan"_s}));
        m_table.seat(u"b"_s, seat({u"scan"_s}));
        m_table.wait(JobId{1}, scan(1));
        (void)m_table.match(0s, makeId);
        for (const QString &stranger : {u"b"_s, u"c"_s, QString()}) {
            QCOMPARE(m_table.accept(stranger, u"o1"_s, 0s).error().code, ErrorCode::InvalidState);
            QCOMPARE(m_table.close(stranger, u"o1"_s).error().code, ErrorCode::InvalidState);
        }
        QCOMPARE(m_table.renew(u"a"_s, u"o1"_s, 0s).error().code, ErrorCode::InvalidState);
        QVERIFY(m_table.accept(u"a"_s, u"o1"_s, 0s));
        QVERIFY(m_table.renew(u"a"_s, u"o1"_s, 0s));
    }

    void whoDoesNotAnswerRestsAndOthersAreAsked()
    {
        m_table.seat(u"a"_s, seat({u"scan"_s}));
        m_table.wait(JobId{1}, scan(1));
        (void)m_table.match(0s, makeId);
        QCOMPARE(m_table.nextTurn(0s), OfferTable::AnswerTime);
        QVERIFY(m_table.expire(OfferTable::AnswerTime - 1ms).isEmpty());
        QCOMPARE(m_table.expire(OfferTable::AnswerTime).size(), 1);
        QCOMPARE(text(m_table.match(OfferTable::AnswerTime, makeId)), QString());
        m_table.seat(u"b"_s, seat({u"scan"_s}));
        QCOMPARE(text(m_table.match(OfferTable::AnswerTime, makeId)), u"1 to b"_s);
    }

    void whoRestedIsAskedAgain()
    {
        m_table.seat(u"a"_s, seat({u"scan"_s}));
        m_table.wait(JobId{1}, scan(1));
        (void)m_table.match(0s, makeId);
        const Milliseconds missed = OfferTable::AnswerTime;
        (void)m_table.expire(missed);
        QCOMPARE(m_table.nextTurn(missed), missed + OfferTable::Rest);
        QCOMPARE(text(m_table.match(missed + OfferTable::Rest, makeId)), u"1 to a"_s);
    }

    void aLeaseIsRenewedAndRunsOut()
    {
        m_table.seat(u"a"_s, seat({u"scan"_s}));
        m_table.wait(JobId{1}, scan(1));
        (void)m_table.match(0s, makeId);
        QVERIFY(m_table.accept(u"a"_s, u"o1"_s, 5s));
        m_table.stopWaiting(JobId{1});
        QVERIFY(m_table.renew(u"a"_s, u"o1"_s, 15s));
        QVERIFY(m_table.expire(34s).isEmpty());
        const QList<Offer> over = m_table.expire(35s);
        QCOMPARE(over.size(), 1);
        QVERIFY(over.constFirst().isAccepted);
        QVERIFY(!m_table.renew(u"a"_s, u"o1"_s, 35s));
        m_table.wait(JobId{1}, scan(1));
        QCOMPARE(text(m_table.match(35s, makeId)), u"1 to a"_s);
    }

    void whoLeavesKeepsWhatItHolds()
    {
        m_table.seat(u"a"_s, seat({u"scan"_s}));
        m_table.wait(JobId{1}, scan(1));
        (void)m_table.match(0s, makeId);
        QVERIFY(m_table.accept(u"a"_s, u"o1"_s, 0s));
        m_table.leave(u"a"_s);
        QCOMPARE(m_table.ownerOf(u"a"_s), u"local"_s);
        m_table.seat(u"a"_s, seat({u"scan"_s}));
        QVERIFY(m_table.renew(u"a"_s, u"o1"_s, 1s));
        m_table.leave(u"a"_s);
        (void)m_table.expire(60s);
        QVERIFY(!m_table.ownerOf(u"a"_s));
    }

    void whoDeclinedIsAskedLater()
    {
        m_table.seat(u"a"_s, seat({u"scan"_s}));
        m_table.wait(JobId{1}, scan(1));
        (void)m_table.match(0s, makeId);
        QVERIFY(m_table.close(u"a"_s, u"o1"_s));
        m_table.decline(JobId{1}, u"a"_s, 0s);
        m_table.wait(JobId{2}, scan(2));
        QCOMPARE(text(m_table.match(1s, makeId)), u"2 to a"_s);
        QVERIFY(m_table.close(u"a"_s, u"o2"_s));
        m_table.stopWaiting(JobId{2});
        QCOMPARE(text(m_table.match(OfferTable::Rest, makeId)), u"1 to a"_s);
    }

    void whatIsTakenBackIsNobodys()
    {
        m_table.seat(u"a"_s, seat({u"scan"_s}));
        m_table.wait(JobId{1}, scan(1));
        (void)m_table.match(0s, makeId);
        QCOMPARE(m_table.takeBack(JobId{1})->agent, u"a"_s);
        QVERIFY(!m_table.takeBack(JobId{1}));
        QVERIFY(!m_table.accept(u"a"_s, u"o1"_s, 0s));
        QCOMPARE(text(m_table.match(0s, makeId)), QString());
        m_table.wait(JobId{2}, scan(2));
        QCOMPARE(text(m_table.match(0s, makeId)), u"2 to a"_s);
    }

    void aThousandAgentsShareTheWork()
    {
        constexpr int Agents = 1000;
        constexpr int Rounds = 5;
        for (int i = 0; i < Agents; ++i)
            m_table.seat(QString::number(i), seat({u"scan"_s}));
        for (int i = 1; i <= Agents * Rounds; ++i)
            m_table.wait(JobId{i}, scan(i));
        QHash<QString, int> done;
        for (int round = 0; round < Rounds; ++round) {
            const QList<Offer> offers = m_table.match(0s, makeId);
            QCOMPARE(offers.size(), Agents);
            for (const Offer &offer : offers) {
                ++done[offer.agent];
                m_table.stopWaiting(offer.job);
                QVERIFY(m_table.close(offer.agent, offer.id));
            }
        }
        QVERIFY(m_table.match(0s, makeId).isEmpty());
        for (const int count : std::as_const(done))
            QCOMPARE(count, Rounds);
    }

    void init() { m_table = OfferTable(); }

private:
    OfferTable m_table;
};

QTEST_GUILESS_MAIN(OfferTableTest)
#include "tst_offertable.moc"
