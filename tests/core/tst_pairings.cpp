#include "core/pairings.h"
#include "tests/support/fakeclock.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace core;
using namespace std::chrono_literals;

namespace {

Pairing asked(const QString &name = u"Firefox"_s)
{
    return {
        .name = name, .kind = u"extension"_s, .code = u"123456"_s, .origin = "moz-extension://1"};
}

} // namespace

class PairingsTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void aYesMakesATokenThatPairsItsOrigin();
    void revokingEndsThePairing();
    void aNoIsForbidden();
    void theSixthTryInTenMinutesIsRefused();
    void nobodyWaitsForEver();
    void whoLeavesIsNotAnswered();
    void aTokenThatNobodyTookIsRevoked();
    void refusesWhatCannotBeShown_data();
    void refusesWhatCannotBeShown();

private:
    [[nodiscard]] Result<QString> ask(const Pairing &pairing = asked());
    void accept(const QString &id);

    struct Bench {
        QTemporaryDir folder;
        tests::FakeClock clock;
        StoreThread thread{clock};
        Tokens tokens{thread, clock};
        Pairings pairings{tokens, clock};
    };
    std::unique_ptr<Bench> m_bench;
    std::optional<Result<MadeToken>> m_answer;
    std::optional<Result<void>> m_accepted;
    bool m_isListening = true;
};

void PairingsTest::init()
{
    m_bench = std::make_unique<Bench>();
    QVERIFY(m_bench->thread.open(m_bench->folder.filePath(u"dray.db"_s)));
    QVERIFY(m_bench->tokens.load());
    m_answer.reset();
    m_accepted.reset();
    m_isListening = true;
}

Result<QString> PairingsTest::ask(const Pairing &pairing)
{
    return m_bench->pairings.ask(pairing, [this](const Result<MadeToken> &answer) {
        m_answer = answer;
        return m_isListening;
    });
}

void PairingsTest::accept(const QString &id)
{
    m_bench->pairings.accept(id, [this](const Result<void> &done) { m_accepted = done; });
    QTRY_VERIFY(m_accepted);
}

void PairingsTest::aYesMakesATokenThatPairsItsOrigin()
{
    const QSignalSpy changed(&m_bench->pairings, &Pairings::changed);
    const auto id = ask();
    QVERIFY(id);
    QCOMPARE(m_bench->pairings.waiting().size(), 1);
    QCOMPARE(m_bench->pairings.waiting()[0].code, u"123456"_s);
    QVERIFY(!m_answer);
    accept(*id);
    QVERIFY(m_answer && *m_answer && *m_accepted);
    const auto entry = m_bench->tokens.check((*m_answer)->token);
    QVERIFY(entry);
    QCOMPARE(entry->scopes, Pairings::Granted);
    QVERIFY(m_bench->tokens.isPaired("moz-extension://1"));
    QVERIFY(!m_bench->tokens.isPaired("moz-extension://2"));
    QVERIFY(!m_bench->tokens.isPaired(""));
    QCOMPARE(changed.size(), 2);
    QVERIFY(m_bench->tokens.load()); // and it is on disk
    QVERIFY(m_bench->tokens.isPaired("moz-extension://1"));
}

void PairingsTest::revokingEndsThePairing()
{
    accept(*ask());
    m_bench->tokens.revoke((*m_answer)->id, [](const Result<void> &) {});
    QVERIFY(!m_bench->tokens.isPaired("moz-extension://1"));
}

void PairingsTest::aNoIsForbidden()
{
    const auto id = ask();
    QVERIFY(m_bench->pairings.refuse(*id));
    QCOMPARE(m_answer->error().code, ErrorCode::Forbidden);
    QCOMPARE(m_bench->pairings.refuse(*id).error().code, ErrorCode::NotFound);
    accept(*id);
    QCOMPARE(m_accepted->error().code, ErrorCode::NotFound);
    QVERIFY(m_bench->tokens.list().isEmpty());
}

void PairingsTest::theSixthTryInTenMinutesIsRefused()
{
    for (int i = 0; i < Pairings::MostTries; ++i)
        m_bench->pairings.withdraw(*ask());
    QCOMPARE(ask().error().code, ErrorCode::RateLimited);
    m_bench->clock.advance(Pairings::TriesWindow);
    QVERIFY(ask());
}

void PairingsTest::nobodyWaitsForEver()
{
    QVERIFY(ask());
    m_bench->clock.advance(Pairings::Patience);
    QTRY_VERIFY(m_answer);
    QCOMPARE(m_answer->error().code, ErrorCode::Timeout);
    QVERIFY(m_bench->pairings.waiting().isEmpty());
}

void PairingsTest::whoLeavesIsNotAnswered()
{
    const auto id = ask();
    m_bench->pairings.withdraw(*id);
    QVERIFY(m_bench->pairings.waiting().isEmpty());
    QVERIFY(!m_answer);
}

void PairingsTest::aTokenThatNobodyTookIsRevoked()
{
    m_isListening = false;
    accept(*ask());
    QCOMPARE(m_accepted->error().code, ErrorCode::NotFound);
    QVERIFY(m_bench->tokens.list().isEmpty());
}

void PairingsTest::refusesWhatCannotBeShown_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("code");
    QTest::newRow("no name") << u" "_s << u"page"_s << u"123456"_s;
    QTest::newRow("two lines") << u"a\nb"_s << u"page"_s << u"123456"_s;
    QTest::newRow("long name") << QString(65, u'a') << u"page"_s << u"123456"_s;
    QTest::newRow("no kind") << u"a"_s << QString() << u"123456"_s;
    QTest::newRow("five digits") << u"a"_s << u"page"_s << u"12345"_s;
    QTest::newRow("letters") << u"a"_s << u"page"_s << u"12345a"_s;
    QTest::newRow("other digits") << u"a"_s << u"page"_s << u"١٢٣٤٥٦"_s;
}

void PairingsTest::refusesWhatCannotBeShown()
{
    QFETCH(QString, name);
    QFETCH(QString, kind);
    QFETCH(QString, code);
    const auto id = ask({.name = name, .kind = kind, .code = code});
    QVERIFY(!id);
    QCOMPARE(id.error().code, ErrorCode::InvalidArgument);
    QVERIFY(m_bench->pairings.waiting().isEmpty());
}

QTEST_GUILESS_MAIN(PairingsTest)
#include "tst_pairings.moc"
