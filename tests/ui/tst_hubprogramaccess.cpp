#include "tests/ui/support/threadedhub.h"
#include "ui/hubprogramaccess.h"

#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

struct Bench : tests::ThreadedHub {
    std::unique_ptr<ui::HubProgramAccess> access;
    ui::Programs programs;
    QStringList answers;
    /// What askers were told: a token's length, or the error's name.
    QStringList told; // of the hub thread

    Bench()
        : ThreadedHub([](const JobSnapshot &) -> Result<std::unique_ptr<JobWorker>> {
            return fail(ErrorCode::Internal);
        })
        , access(std::make_unique<ui::HubProgramAccess>(hub->pairings, hub->tokens, &context))
    {
        access->join([this](const ui::Programs &all) { programs = all; });
    }
    void ask(const QString &name)
    {
        onHub([this, name] {
            const auto answer = [this](const Result<MadeToken> &made) {
                told.append(made ? QString::number(made->token.size())
                                 : errorCodeName(made.error().code).toString());
                return true;
            };
            const Pairing asked{.name = name, .kind = u"script"_s, .code = u"123456"_s};
            QVERIFY(hub->pairings.ask(asked, answer));
        });
    }
    [[nodiscard]] ui::ProgramAccess::Answer note()
    {
        return [this](const Result<void> &result) {
            answers.append(result ? u"ok"_s : errorCodeName(result.error().code).toString());
        };
    }
    [[nodiscard]] QStringList toldAskers()
    {
        QStringList copy;
        onHub([this, &copy] { copy = told; });
        return copy;
    }
};

} // namespace

class TestHubProgramAccess : public QObject
{
    Q_OBJECT
private slots:
    void anAskerIsLetInAndCutOff()
    {
        Bench bench;
        bench.ask(u"Clip"_s);
        QTRY_COMPARE(bench.programs.asking.size(), 1);
        QCOMPARE(bench.programs.asking.constFirst().name, u"Clip"_s);
        bench.access->letIn(bench.programs.asking.constFirst().id, bench.note());
        QTRY_COMPARE(bench.answers, QStringList{u"ok"_s});
        QTRY_COMPARE(bench.programs.letIn.size(), 1);
        QVERIFY(bench.programs.asking.isEmpty());
        QCOMPARE(bench.toldAskers(), QStringList{u"43"_s});
        QCOMPARE(bench.programs.letIn.constFirst().name, u"Clip"_s);
        bench.access->revoke(bench.programs.letIn.constFirst().id, bench.note());
        QTRY_VERIFY(bench.programs.letIn.isEmpty());
        QTRY_COMPARE(bench.answers.size(), 2);
        QCOMPARE(bench.answers.constLast(), u"ok"_s);
    }

    void anAskerIsRefused()
    {
        Bench bench;
        bench.ask(u"Clip"_s);
        QTRY_COMPARE(bench.programs.asking.size(), 1);
        bench.access->refuse(bench.programs.asking.constFirst().id, bench.note());
        QTRY_COMPARE(bench.answers, QStringList{u"ok"_s});
        QTRY_VERIFY(bench.programs.asking.isEmpty());
        QCOMPARE(bench.toldAskers(), QStringList{u"forbidden"_s});
        QVERIFY(bench.programs.letIn.isEmpty());
    }

    void whoIsGoneIsNotFound()
    {
        Bench bench;
        bench.access->letIn(u"x"_s, bench.note());
        bench.access->refuse(u"x"_s, bench.note());
        bench.access->revoke(u"x"_s, bench.note());
        QTRY_COMPARE(bench.answers, QStringList(3, u"notFound"_s));
    }

    void aRefreshTellsTheTimesOfUse()
    {
        Bench bench;
        QByteArray token;
        bench.onHub([&] {
            token = bench.hub->tokens.addForThisRun({u"Clip"_s, Scope::Read, QString(LocalOwner)})
                        .token;
        });
        QTRY_COMPARE(bench.programs.letIn.size(), 1);
        bench.onHub([&] { QVERIFY(bench.hub->tokens.check(token)); });
        QCOMPARE(bench.programs.letIn.constFirst().lastUsedAt, 0);
        bench.access->refresh();
        QTRY_VERIFY(bench.programs.letIn.constFirst().lastUsedAt != 0);
    }

    void theWindowMayGoWhileSomebodyAsks()
    {
        Bench bench;
        bench.ask(u"Clip"_s);
        QTRY_COMPARE(bench.programs.asking.size(), 1);
        bench.access->letIn(bench.programs.asking.constFirst().id, bench.note());
        bench.access.reset();
        bench.ask(u"Clop"_s);
        bench.onHub([] {});
        QCoreApplication::processEvents();
        QVERIFY(bench.answers.isEmpty());
    }
};

QTEST_MAIN(TestHubProgramAccess)
#include "tst_hubprogramaccess.moc"
