#include "core/drives/drivewords.h"
#include "tests/ui/support/fakedesktop.h"
#include "tests/ui/support/sampledrives.h"
#include "tests/ui/support/samplejobs.h"
#include "ui/dialogs/questiondialog.h"
#include "ui/flashanswers.h"
#include "ui/views/joblistview.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;
using ui::QuestionDialog;

namespace {

FlashQuestion question(qint64 job, const QByteArray &letters = "b")
{
    FlashQuestion result{.job = {job},
                         .owner = u"local"_s,
                         .asker = u"backup script"_s,
                         .image = u"/srv/kiosk.img"_s,
                         .expiresAt = Milliseconds(1'790'000'000'000)};
    for (const char letter : letters) {
        const Drive drive = tests::blankStick(letter);
        result.erasures.append({drive.identity(), driveWords(drive), erasedContents(drive), {}});
    }
    return result;
}

/// The desktop with fakes; questions are put to it as the hub does.
struct Bench : tests::FakeDesktop {
    Bench() { show(); }
    /// The dialogs that are shown.
    [[nodiscard]] QList<QuestionDialog *> asked() const
    {
        QList<QuestionDialog *> result = window.findChildren<QuestionDialog *>();
        result.removeIf([](const QuestionDialog *dialog) { return !dialog->isVisible(); });
        return result;
    }
    template<typename Widget>
    [[nodiscard]] Widget &find(const QString &name) const
    {
        auto *found = asked().constFirst()->findChild<Widget *>(name);
        if (!found)
            qFatal("no widget %s", qPrintable(name));
        return *found;
    }
    [[nodiscard]] QLineEdit &proof(char letter) const
    {
        return find<QLineEdit>(u"proof "_s + tests::blankStick(letter).id);
    }
};

} // namespace

class TestFlashAnswers : public QObject
{
    Q_OBJECT
private slots:
    void saysWhoAsksForWhat()
    {
        Bench bench;
        bench.questions.listener({question(1, "bc")});
        QCOMPARE(bench.asked().size(), 1);
        const QString said = bench.find<QLabel>(u"question"_s).text();
        for (const QString &part :
             {u"backup script"_s, u"/srv/kiosk.img"_s, u"nothing is erased"_s})
            QVERIFY2(said.contains(part), qPrintable(said));
        bool isDriveNamed = false;
        for (const QLabel *label : bench.asked().constFirst()->findChildren<QLabel *>())
            isDriveNamed = isDriveNamed || label->text().contains(u"/dev/sdc (Kingston"_s);
        QVERIFY(isDriveNamed);
    }

    void noKeyThatWasMeantForSomethingElseSaysYes()
    {
        Bench bench;
        bench.questions.listener({question(1)});
        QVERIFY(!bench.find<QPushButton>(u"yes"_s).isEnabled());
        for (const char *name : {"yes", "no", "later"}) {
            const auto &button = bench.find<QPushButton>(QString::fromLatin1(name));
            QVERIFY(!button.isDefault() && !button.autoDefault());
        }
        QTest::keyClick(bench.asked().constFirst(), Qt::Key_Return);
        QTest::keyClick(&bench.find<QPushButton>(u"later"_s), Qt::Key_Space);
        QVERIFY(bench.asked().isEmpty());
        QVERIFY(bench.commands.told.isEmpty());
    }

    void aYesNamesEveryDriveThatWasProven()
    {
        Bench bench;
        bench.questions.listener({question(7, "bc")});
        QTest::keyClicks(&bench.proof('b'), u"faeb"_s);
        QVERIFY(!bench.find<QPushButton>(u"yes"_s).isEnabled());
        QTest::keyClicks(&bench.proof('c'), u"FAEC"_s);
        bench.find<QPushButton>(u"yes"_s).click();
        QCOMPARE(bench.commands.told,
                 QStringList{
                     u"agree 7 %1 %2"_s.arg(tests::blankStick('b').id, tests::blankStick('c').id)});
        QVERIFY(bench.asked().isEmpty());
    }

    void aNoCancelsTheJob()
    {
        Bench bench;
        bench.questions.listener({question(7)});
        bench.find<QPushButton>(u"no"_s).click();
        QCOMPARE(bench.commands.told, QStringList{u"cancel 7"_s});
        QVERIFY(bench.asked().isEmpty());
    }

    void whatTheHubRefusesIsSaid()
    {
        Bench bench;
        bench.commands.answer = fail(ErrorCode::DeviceGone, u"/dev/sdb"_s);
        bench.questions.listener({question(7)});
        QTest::keyClicks(&bench.proof('b'), u"faeb"_s);
        bench.find<QPushButton>(u"yes"_s).click();
        QCOMPARE(bench.asked().size(), 1);
        QVERIFY(bench.find<QLabel>(u"message"_s).text().contains(u"/dev/sdb"_s));
    }

    void aQuestionThatIsOverClosesByItself()
    {
        Bench bench;
        bench.questions.listener({question(1), question(2, "c")});
        QCOMPARE(bench.asked().size(), 2);
        bench.questions.listener({question(2, "c")});
        QCOMPARE(bench.asked().size(), 1);
        QCOMPARE(bench.asked().constFirst()->question().job, JobId{2});
        QTest::keyClicks(&bench.proof('c'), u"fae"_s);
        bench.questions.listener({question(2, "c"), question(3)}); // the half answer stays
        QCOMPARE(bench.asked().size(), 2);
        bench.questions.listener({});
        QVERIFY(bench.asked().isEmpty());
    }

    void aQuestionAboutOtherDrivesIsAnother()
    {
        Bench bench;
        bench.questions.listener({question(1)});
        QTest::keyClicks(&bench.proof('b'), u"faeb"_s);
        FlashQuestion swapped = question(1);
        swapped.erasures[0].drive.diskseq += 1;
        bench.questions.listener({swapped});
        QCOMPARE(bench.asked().size(), 1);
        QCOMPARE(bench.asked().constFirst()->question(), swapped);
        QVERIFY(!bench.find<QPushButton>(u"yes"_s).isEnabled());
    }

    void whatWasPutOffIsAskedAgainFromTheList()
    {
        Bench bench;
        JobSnapshot job = tests::makeJob(1, JobState::Queued);
        job.kind = JobKind::Flash;
        job.progress.stage = Stage::AwaitingConfirmation;
        bench.jobs.model->reset({job}, 0);
        auto *list = bench.window.findChild<ui::JobListView *>();
        list->selectJob({1});
        bench.questions.listener({question(1)});
        bench.find<QPushButton>(u"later"_s).click();
        bench.questions.listener({question(1)}); // not by itself
        QVERIFY(bench.asked().isEmpty());
        QTest::keyClick(list, Qt::Key_Return);
        QCOMPARE(bench.asked().size(), 1);
    }

    void eachQuestionIsAnnouncedOnce()
    {
        QWidget window;
        tests::FakeCommands commands;
        ui::FlashAnswers answers(commands, &window);
        QSignalSpy asked(&answers, &ui::FlashAnswers::asked);
        answers.setQuestions({question(1)});
        answers.setQuestions({question(1), question(2)});
        answers.setQuestions({question(2)});
        QCOMPARE(asked.size(), 2);
        QVERIFY(!answers.ask({1}));
    }
};

QTEST_MAIN(TestFlashAnswers)
#include "tst_flashanswers.moc"
