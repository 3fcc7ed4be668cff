#include "core/base/digest.h"
#include "core/store/tokens.h"
#include "tests/core/store/storebench.h"

#include <QSignalSpy>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using tests::StoreBench;

namespace {

struct Bench : StoreBench {
    Bench() { open(); }
    Tokens tokens{store, clock};

    MadeToken make(const NewToken &wanted)
    {
        std::optional<MadeToken> made;
        tokens.add(wanted, [&](const Result<MadeToken> &result) { made = result.value(); });
        [&] { QTRY_VERIFY(made); }();
        return made.value_or(MadeToken{});
    }
    [[nodiscard]] qint64 now() const { return clock.wallTime().count(); }
};

const NewToken Phone{u"phone"_s, Scope::Read | Scope::Add, u"ann"_s, 0};

} // namespace

class TestTokens : public QObject
{
    Q_OBJECT
private slots:
    void aTokenStandsForWhatItWasMadeFor()
    {
        Bench bench;
        const MadeToken made = bench.make(Phone);
        QCOMPARE(made.token.size(), 43); // 256 bits
        QVERIFY(!made.token.contains('='));
        const auto known = bench.tokens.check(made.token);
        QVERIFY(known);
        QCOMPARE(known->id, made.id);
        QCOMPARE(known->name, u"phone"_s);
        QCOMPARE(known->scopes, Phone.scopes);
        QCOMPARE(known->owner, u"ann"_s);
        QCOMPARE(known->createdAt, bench.now());
    }

    void aTokenIsToldOfWhenItHolds()
    {
        Bench bench;
        QStringList told;
        QObject::connect(&bench.tokens, &Tokens::added, &bench.tokens, [&](const QString &id) {
            told.append(id);
            QCOMPARE(bench.tokens.list().constLast().id, id);
        });
        const MadeToken made = bench.make(Phone);
        QCOMPARE(told, QStringList{made.id});
        bench.clock.advance(1ms);
        const QString later = bench.tokens.addForThisRun(Phone).id;
        QCOMPARE(told, (QStringList{made.id, later}));
    }

    void strangersAreNotKnown_data()
    {
        QTest::addColumn<QByteArray>("token");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("garbage") << QByteArray("xyz");
        QTest::newRow("zeros") << QByteArray(43, 'A');
        QTest::newRow("megabyte") << QByteArray(1 << 20, 'A');
    }
    void strangersAreNotKnown()
    {
        QFETCH(QByteArray, token);
        Bench bench;
        const MadeToken made = bench.make(Phone);
        QVERIFY(!bench.tokens.check(token));
        QVERIFY(!bench.tokens.check(made.token + '='));
        QVERIFY(!bench.tokens.check(made.token.chopped(1)));
        QVERIFY(
            !bench.tokens.check(Sha256::of({made.token.constData(), size_t(made.token.size())})));
    }

    void theAnswerComesAfterTheCommit()
    {
        Bench bench;
        QVariantList seen;
        bench.tokens.add(Phone, [&](const Result<MadeToken> &made) {
            seen = bench.committed(u"SELECT id FROM tokens"_s);
            QCOMPARE(seen, QVariantList{made->id});
        });
        QVERIFY(bench.tokens.list().isEmpty());
        QTRY_VERIFY(!seen.isEmpty());
    }

    void onlyTheDigestIsOnDisk()
    {
        Bench bench;
        const MadeToken made = bench.make(Phone);
        const QByteArray digest = Sha256::of({made.token.constData(), size_t(made.token.size())});
        const QByteArray raw = QByteArray::fromBase64(made.token, QByteArray::Base64UrlEncoding);
        const auto everything = [&] {
            QByteArray bytes;
            for (const QString &suffix : {u""_s, u"-wal"_s, u"-shm"_s}) {
                QFile file(bench.path + suffix);
                if (file.open(QIODevice::ReadOnly))
                    bytes += file.readAll();
            }
            return bytes;
        };
        const QByteArray whileOpen = everything();
        QVERIFY(bench.store.close(5s));
        for (const QByteArray &bytes : {whileOpen, everything()}) {
            QVERIFY(bytes.contains(digest));
            QVERIFY(!bytes.contains(made.token));
            QVERIFY(!bytes.contains(raw));
            QVERIFY(!bytes.contains(made.token.left(16)));
        }
    }

    void tokensOutliveTheRun()
    {
        Bench bench;
        const MadeToken made = bench.make({u"a"_s, Scope::Admin, u"local"_s, bench.now() + 5000});
        Tokens later(bench.store, bench.clock);
        QVERIFY(later.load());
        const auto known = later.check(made.token);
        QVERIFY(known);
        QCOMPARE(known->scopes, Scopes(Scope::Admin));
        QCOMPARE(known->expiresAt, bench.now() + 5000);
    }

    void anExpiredTokenOpensNothing()
    {
        Bench bench;
        const MadeToken made = bench.make({u"a"_s, Scope::Read, u"local"_s, bench.now() + 5000});
        bench.clock.advance(4999ms);
        QVERIFY(bench.tokens.check(made.token));
        bench.clock.advance(1ms);
        QVERIFY(!bench.tokens.check(made.token));
        QCOMPARE(bench.tokens.list().size(), 1);
    }

    void aRevokedTokenEndsAtOnceAndForGood()
    {
        Bench bench;
        const MadeToken made = bench.make(Phone);
        const QSignalSpy revoked(&bench.tokens, &Tokens::revoked);
        QVERIFY(bench.tokens.check(made.token)); // its use is about to be written
        bool isOnDisk = false;
        bench.tokens.revoke(made.id, [&](const Result<void> &result) {
            isOnDisk = result && bench.committed(u"SELECT id FROM tokens"_s).isEmpty();
        });
        QVERIFY(!bench.tokens.check(made.token));
        QCOMPARE(revoked.size(), 1);
        QCOMPARE(revoked[0][0].toString(), made.id);
        QTRY_VERIFY(isOnDisk);
        Tokens later(bench.store, bench.clock);
        QVERIFY(later.load());
        QVERIFY(!later.check(made.token));
    }

    void revokingAStrangerIsNotFound()
    {
        Bench bench;
        std::optional<Error> answer;
        bench.tokens.revoke(u"x"_s, [&](const Result<void> &result) { answer = result.error(); });
        QVERIFY(answer);
        QCOMPARE(answer->code, ErrorCode::NotFound);
    }

    void badWishesAreRefused_data()
    {
        QTest::addColumn<NewToken>("wanted");
        QTest::newRow("no name") << NewToken{{}, Scope::Read, u"local"_s, 0};
        QTest::newRow("no owner") << NewToken{u"a"_s, Scope::Read, {}, 0};
        QTest::newRow("no scope") << NewToken{u"a"_s, {}, u"local"_s, 0};
        QTest::newRow("expired") << NewToken{u"a"_s, Scope::Read, u"local"_s, 1};
        const QString tooLong(129, u'a');
        QTest::newRow("long name") << NewToken{tooLong, Scope::Read, u"local"_s, 0};
        QTest::newRow("long owner") << NewToken{u"a"_s, Scope::Read, tooLong, 0};
    }
    void badWishesAreRefused()
    {
        QFETCH(NewToken, wanted);
        Bench bench;
        std::optional<Error> answer;
        bench.tokens.add(wanted, [&](const Result<MadeToken> &made) { answer = made.error(); });
        QVERIFY(answer);
        QCOMPARE(answer->code, ErrorCode::InvalidArgument);
    }

    void aTokenThatCannotBeWrittenIsNotGiven()
    {
        Bench bench;
        bench.limitGrowth(0);
        std::optional<Error> answer;
        bench.tokens.add({u"a"_s, Scope::Read, u"local"_s, 0, QByteArray(100'000, 'o')},
                         [&](const Result<MadeToken> &made) { answer = made.error(); });
        QTRY_VERIFY(answer);
        QCOMPARE(answer->code, ErrorCode::NoSpace);
        QVERIFY(bench.tokens.list().isEmpty());
    }

    void useIsWrittenAtMostOnceAMinute()
    {
        Bench bench;
        const MadeToken made = bench.make(Phone);
        const auto written = [&] {
            return bench.committed(u"SELECT lastUsedAt FROM tokens"_s).value(0).toLongLong();
        };
        const qint64 first = bench.now();
        QVERIFY(bench.tokens.check(made.token));
        QTRY_COMPARE(written(), first);
        bench.clock.advance(59s);
        QCOMPARE(bench.tokens.check(made.token)->lastUsedAt, first + 59'000);
        QCoreApplication::processEvents();
        QVERIFY(bench.store.runNow(StoreBench::statement(u"SELECT 1"_s)));
        QCOMPARE(written(), first);
        bench.clock.advance(1s);
        QVERIFY(bench.tokens.check(made.token));
        QTRY_COMPARE(written(), first + 60'000);
    }

    void aTokenForThisRunIsNeverStored()
    {
        Bench bench;
        const MadeToken made = bench.tokens.addForThisRun(Phone);
        QVERIFY(bench.tokens.check(made.token));
        QVERIFY(bench.store.close(5s));
        QVERIFY(bench.committed(u"SELECT id FROM tokens"_s).isEmpty());
        const QSignalSpy revoked(&bench.tokens, &Tokens::revoked);
        bench.tokens.revoke(made.id, [](const Result<void> &result) { QVERIFY(result); });
        QCOMPARE(revoked.size(), 1);
        QVERIFY(!bench.tokens.check(made.token));
    }
};

QTEST_GUILESS_MAIN(TestTokens)
#include "tst_tokens.moc"
