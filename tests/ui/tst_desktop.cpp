#include "tests/ui/support/fakedesktop.h"
#include "tests/ui/support/samplejobs.h"
#include "ui/dialogs/adddownloaddialog.h"
#include "ui/dialogs/settingsdialog.h"
#include "ui/jobactions.h"
#include "ui/views/joblistview.h"
#include "ui/views/noticebar.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDropEvent>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace core;
using namespace Qt::StringLiterals;
using tests::makeJob;
using ui::CloseAction;
using ui::CloseToTray;
using ui::JobAction;

namespace {

const QString Link = u"https://example.org/a.iso"_s;

/// The desktop with fake commands, its settings in a folder of its own.
struct Bench : tests::FakeDesktop {
    explicit Bench(const QList<JobSnapshot> &shown = {})
    {
        jobs.model->reset(shown, 0);
        show();
        window.activateWindow();
    }
    template<typename Widget>
    [[nodiscard]] Widget *find(const QString &name) const
    {
        auto *found = window.findChild<Widget *>(name);
        if (!found)
            qFatal("no widget %s", qPrintable(name));
        return found;
    }
    [[nodiscard]] ui::JobListView &list() const { return *window.findChild<ui::JobListView *>(); }
    [[nodiscard]] QString noticeText() const
    {
        const auto *bar = window.findChild<ui::NoticeBar *>();
        return bar->isVisible() ? find<QLabel>(u"noticeText"_s)->text() : QString();
    }
    [[nodiscard]] QStringList offeredLinks() const
    {
        const auto *dialog = window.findChild<ui::AddDownloadDialog *>();
        if (!dialog)
            return {};
        return dialog->findChild<QPlainTextEdit *>(u"links"_s)->toPlainText().split(u'\n');
    }
    void select(qint64 id) const { list().selectJob({id}); }
    void trigger(const QString &action) const { find<QAction>(action)->trigger(); }
    [[nodiscard]] QMessageBox *question() const { return window.findChild<QMessageBox *>(); }
    void answer(const QString &button) const
    {
        QTRY_VERIFY(question());
        question()->findChild<QPushButton *>(button)->click();
    }
};

} // namespace

class TestDesktop : public QObject
{
    Q_OBJECT
private slots:
    void init() { QApplication::clipboard()->clear(); }

    void actionsByState_data()
    {
        QTest::addColumn<QList<JobSnapshot>>("jobs");
        QTest::addColumn<QString>("enabled");
        using enum JobState;
        const auto row = [](const char *name, const QList<JobSnapshot> &jobs, const QString &on) {
            QTest::newRow(name) << jobs << on;
        };
        JobSnapshot stopping = makeJob(1, Running);
        stopping.stopRequested = true;
        row("nothing selected", {}, {});
        JobSnapshot scheduled = makeJob(1, Queued);
        scheduled.startAt = 1'900'000'000'000;
        row("scheduled", {scheduled},
            u"pause startnow cancel movetop moveup movedown limit openfolder"_s);
        row("queued", {makeJob(1, Queued)},
            u"pause cancel movetop moveup movedown limit openfolder"_s);
        row("running", {makeJob(1, Running)}, u"pause cancel limit openfolder"_s);
        row("stopping", {stopping}, u"openfolder"_s);
        row("paused", {makeJob(1, Paused)},
            u"resume cancel newlink movetop moveup movedown limit openfolder"_s);
        row("succeeded", {makeJob(1, Succeeded)}, u"remove openfile openfolder"_s);
        row("failed", {makeJob(1, Failed)}, u"retry newlink remove openfolder"_s);
        row("canceled", {makeJob(1, Canceled)}, u"retry remove openfolder"_s);
        const auto external = [](JobState state) {
            JobSnapshot job = makeJob(1, state);
            job.kind = JobKind::External;
            job.details.target.clear();
            return job;
        };
        row("another program's, queued", {external(Queued)}, u"cancel"_s);
        row("another program's, running", {external(Running)}, u"cancel"_s);
        row("another program's, paused", {external(Paused)}, u"cancel"_s);
        row("another program's, failed", {external(Failed)}, u"remove"_s);
        row("several: what one of them allows", {makeJob(1, Running), makeJob(2, Failed)},
            u"pause cancel retry newlink limit remove openfolder"_s);
    }
    void actionsByState()
    {
        QFETCH(QList<JobSnapshot>, jobs);
        ui::JobActions actions;
        actions.setSelection(jobs);
        QStringList enabled;
        for (const QAction *action : actions.all())
            if (action->isEnabled())
                enabled.append(action->objectName());
        QTEST(enabled.join(u' '), "enabled");
    }

    void commandsGoToTheSelectedJobsThatAllowThem()
    {
        Bench bench({makeJob(1, JobState::Running), makeJob(2, JobState::Failed)});
        bench.list().selectAll();
        bench.trigger(u"pause"_s);
        bench.trigger(u"retry"_s);
        QCOMPARE(bench.commands.told, (QStringList{u"pause 1"_s, u"retry 2"_s}));
    }

    void orderLimitAndLinkAreCommanded()
    {
        JobSnapshot first = makeJob(1, JobState::Queued);
        first.position = 5;
        JobSnapshot second = makeJob(2, JobState::Queued);
        second.position = 3;
        Bench bench({first, second, makeJob(3, JobState::Failed)});
        bench.list().selectAll();
        bench.trigger(u"moveup"_s);
        bench.trigger(u"movedown"_s);
        QCOMPARE(bench.commands.told,
                 (QStringList{u"move 2 up"_s, u"move 1 up"_s, u"move 1 down"_s, u"move 2 down"_s}));
        bench.commands.told.clear();
        const auto write = [&bench](const QString &text) {
            auto *dialog = bench.window.findChild<QInputDialog *>(u"textQuestion"_s);
            QVERIFY(dialog);
            dialog->setObjectName(u"answered"_s);
            dialog->setTextValue(text);
            dialog->accept();
        };
        bench.trigger(u"newlink"_s);
        write(u" http://example.org/new "_s);
        bench.trigger(u"limit"_s);
        write(u"fast"_s);
        write(u"500K"_s); // asked again
        bench.trigger(u"limitall"_s);
        write(u"2M"_s);
        QCOMPARE(bench.commands.told,
                 (QStringList{u"refresh 3 http://example.org/new"_s, u"limit 2 to 512000"_s,
                              u"limit 1 to 512000"_s, u"limit all to 2097152"_s}));
    }

    void actionsFollowTheJobsState()
    {
        Bench bench({makeJob(1, JobState::Running)});
        bench.select(1);
        QVERIFY(bench.find<QAction>(u"pause"_s)->isEnabled());
        bench.jobs.model->apply(
            {{1, JobChanged{makeJob(1, JobState::Running), makeJob(1, JobState::Paused)}}});
        QVERIFY(!bench.find<QAction>(u"pause"_s)->isEnabled());
        QVERIFY(bench.find<QAction>(u"resume"_s)->isEnabled());
        QCOMPARE(bench.find<QLabel>(u"name"_s)->text(), u"job1.iso"_s);
    }

    void limitIsForWhatReceivesOrWrites_data()
    {
        QTest::addColumn<core::JobKind>("kind");
        QTest::addColumn<core::Stage>("stage");
        QTest::addColumn<bool>("isOffered");
        using core::JobKind;
        using core::Stage;
        QTest::newRow("download") << JobKind::Download << Stage::Transferring << true;
        QTest::newRow("flash") << JobKind::Flash << Stage::Writing << true;
        QTest::newRow("flash without a yes")
            << JobKind::Flash << Stage::AwaitingConfirmation << false;
        QTest::newRow("comparison") << JobKind::Compare << Stage::Verifying << false;
    }
    void limitIsForWhatReceivesOrWrites()
    {
        QFETCH(const core::JobKind, kind);
        QFETCH(const core::Stage, stage);
        JobSnapshot job = makeJob(1, JobState::Queued);
        job.kind = kind;
        job.progress.stage = stage;
        Bench bench({job});
        bench.select(1);
        QTEST(bench.find<QAction>(u"limit"_s)->isEnabled(), "isOffered");
    }

    void spacePausesAndResumes()
    {
        Bench bench({makeJob(1, JobState::Running), makeJob(2, JobState::Paused)});
        bench.select(1);
        QTest::keyClick(&bench.list(), Qt::Key_Space);
        bench.select(2);
        QTest::keyClick(&bench.list(), Qt::Key_Space);
        QCOMPARE(bench.commands.told, (QStringList{u"pause 1"_s, u"resume 2"_s}));
    }

    void returnOpensTheFinishedFile()
    {
        JobSnapshot job = makeJob(1, JobState::Succeeded);
        Bench bench;
        job.details.target = bench.folder.filePath(u"a.iso"_s);
        QVERIFY(QFile(job.details.target).open(QIODevice::WriteOnly));
        bench.jobs.model->reset({job}, 0);
        bench.select(1);
        QTest::keyClick(&bench.list(), Qt::Key_Return);
        QCOMPARE(bench.opened, QList<QUrl>{QUrl::fromLocalFile(job.details.target)});
        QVERIFY(QFile::remove(job.details.target));
        QTest::keyClick(&bench.list(), Qt::Key_Return);
        QCOMPARE(bench.opened.size(), 1);
        QVERIFY(bench.noticeText().contains(job.details.target));
    }

    void cancelAsksWhenBytesWouldBeLost()
    {
        JobSnapshot begun = makeJob(2, JobState::Paused);
        begun.progress.done = 5;
        Bench bench({makeJob(1, JobState::Queued), begun});
        bench.select(1);
        bench.trigger(u"cancel"_s);
        QVERIFY(!bench.question());
        bench.select(2);
        bench.trigger(u"cancel"_s);
        bench.answer(u"no"_s);
        QTRY_VERIFY(!bench.question());
        QCOMPARE(bench.commands.told, QStringList{u"cancel 1"_s});
        bench.trigger(u"cancel"_s);
        bench.answer(u"yes"_s);
        QCOMPARE(bench.commands.told, (QStringList{u"cancel 1"_s, u"cancel 2"_s}));
    }

    void deleteRemovesWithTheFileOnlyWhenChecked()
    {
        Bench bench({makeJob(1, JobState::Succeeded)});
        bench.select(1);
        QTest::keyClick(&bench.list(), Qt::Key_Delete);
        bench.answer(u"yes"_s);
        QTRY_VERIFY(!bench.question());
        bench.trigger(u"remove"_s);
        QTRY_VERIFY(bench.question());
        bench.question()->findChild<QCheckBox *>(u"deleteFiles"_s)->setChecked(true);
        bench.answer(u"yes"_s);
        QCOMPARE(bench.commands.told, (QStringList{u"remove 1"_s, u"remove 1 with files"_s}));
    }

    void refusedCommandIsSaidInTheWindow()
    {
        Bench bench({makeJob(1, JobState::Running)});
        bench.commands.answer = fail(ErrorCode::InvalidState, u"job 1 is succeeded"_s);
        bench.select(1);
        bench.trigger(u"pause"_s);
        QVERIFY(bench.noticeText().contains(u"“job1.iso”"_s));
        QVERIFY(bench.noticeText().contains(u"job 1 is succeeded"_s));
        bench.find<QToolButton>(u"dismissNotice"_s)->click();
        QCOMPARE(bench.noticeText(), QString());
    }

    void noticesWaitForEachOther()
    {
        Bench bench;
        bench.desktop.notice(u"first"_s);
        bench.desktop.notice(u"second"_s);
        bench.desktop.notice(u"first"_s);
        QCOMPARE(bench.noticeText(), u"first"_s);
        bench.find<QToolButton>(u"dismissNotice"_s)->click();
        QCOMPARE(bench.noticeText(), u"second"_s);
    }

    void pasteAnywhereOffersTheLinks()
    {
        Bench bench({makeJob(1, JobState::Running)});
        QApplication::clipboard()->setText(u"get "_s + Link + u" please"_s);
        QTest::keyClick(&bench.list(), Qt::Key_V, Qt::ControlModifier);
        QTRY_COMPARE(bench.offeredLinks(), QStringList{Link});
    }

    void pasteIntoTheSearchFieldIsText()
    {
        Bench bench;
        QApplication::clipboard()->setText(Link);
        auto *search = bench.find<QLineEdit>(u"searchField"_s);
        search->setFocus();
        QTest::keyClick(search, Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(search->text(), Link);
        QVERIFY(bench.offeredLinks().isEmpty());
    }

    void pasteWithoutALinkSaysSo()
    {
        Bench bench;
        QApplication::clipboard()->setText(u"no link here"_s);
        bench.trigger(u"copy"_s);
        QVERIFY(!bench.noticeText().isEmpty());
    }

    void droppedLinksAreOfferedAndAdded()
    {
        Bench bench;
        QMimeData content;
        content.setUrls({QUrl(Link)});
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &content, Qt::LeftButton,
                              Qt::NoModifier);
        QApplication::sendEvent(&bench.window, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &content, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&bench.window, &drop);
        QCOMPARE(bench.offeredLinks(), QStringList{Link});
        bench.window.findChild<ui::AddDownloadDialog *>()->findChild<QPushButton *>()->click();
        QCOMPARE(bench.commands.added.size(), 1);
        QCOMPARE(bench.commands.added.first().spec.url, QUrl(Link));
        QCOMPARE(bench.commands.added.first().spec.to, bench.folder.path());
    }

    void categoriesAreOfferedWhenThereAreSome_data()
    {
        QTest::addColumn<QStringList>("categories");
        QTest::addColumn<QString>("chosen");
        QTest::addColumn<bool>("hasFolder"); // the dialog names one, so that no rule counts
        QTest::newRow("none") << QStringList() << QString() << true;
        QTest::newRow("by the rules") << QStringList{u"Images"_s} << QString() << false;
        QTest::newRow("by hand") << QStringList{u"Images"_s} << u"Images"_s << false;
    }
    void categoriesAreOfferedWhenThereAreSome()
    {
        QFETCH(QStringList, categories);
        QFETCH(QString, chosen);
        QFETCH(bool, hasFolder);
        Bench bench;
        bench.commands.categories = categories;
        bench.window.offerLinks({Link});
        auto *dialog = bench.window.findChild<ui::AddDownloadDialog *>();
        auto *category = dialog->findChild<QComboBox *>(u"category"_s);
        QCOMPARE(category->isVisible(), !categories.isEmpty());
        category->setCurrentIndex(category->findData(chosen));
        dialog->findChild<QCheckBox *>(u"unpack"_s)->setChecked(true);
        dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok)->click();
        QCOMPARE(bench.commands.added.size(), 1);
        const DownloadSpec &added = bench.commands.added.first().spec;
        QCOMPARE(added.category, chosen);
        QCOMPARE(!added.to.isEmpty(), hasFolder);
        QCOMPARE(added.after, QList<AfterAction>{AfterAction{}});
    }

    void whenToStartIsCommanded()
    {
        Bench bench;
        bench.commands.existing = {QUrl(Link)};
        bench.window.offerLinks({Link});
        auto *dialog = bench.window.findChild<ui::AddDownloadDialog *>();
        dialog->findChild<QCheckBox *>(u"paused"_s)->setChecked(true);
        dialog->findChild<QCheckBox *>(u"stopAtBox"_s)->setChecked(true);
        dialog->findChild<QLineEdit *>(u"speedLimit"_s)->setText(u"1M"_s);
        dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok)->click();
        bench.answer(u"rename"_s); // a question in between loses nothing
        QCOMPARE(bench.commands.added.size(), 1);
        const auto &added = bench.commands.added.first();
        QVERIFY(added.startPaused && added.stopAt > 0);
        QCOMPARE(added.spec.bytesPerSecond, 1024 * 1024);
    }

    void settingsOpenOnce()
    {
        Bench bench;
        QTest::keyClick(&bench.window, Qt::Key_Comma, Qt::ControlModifier);
        bench.trigger(u"settings"_s);
        QCOMPARE(bench.window.findChildren<ui::SettingsDialog *>().size(), 1);
    }

    void addTakesTheLinkOnTheClipboard()
    {
        Bench bench;
        QApplication::clipboard()->setText(Link);
        QTest::keyClick(&bench.window, Qt::Key_N, Qt::ControlModifier);
        QTRY_COMPARE(bench.offeredLinks(), QStringList{Link});
    }

    void secondStartAddsAtOnce()
    {
        Bench bench;
        bench.desktop.addUrls({Link, u"ftp://a/b"_s});
        QCOMPARE(bench.commands.added.size(), 1);
        QVERIFY(bench.commands.added.first().spec.to.isEmpty());
        QVERIFY(bench.noticeText().contains(u"ftp://a/b"_s));
    }

    void aDownloadThatExistsIsAskedAbout_data()
    {
        QTest::addColumn<QString>("button");
        QTest::addColumn<std::optional<IfExists>>("added");
        QTest::newRow("overwrite") << u"overwrite"_s << std::optional(IfExists::Overwrite);
        QTest::newRow("keep both") << u"rename"_s << std::optional(IfExists::Rename);
        QTest::newRow("skip") << u"skip"_s << std::optional<IfExists>();
        QTest::newRow("show the other") << u"show"_s << std::optional<IfExists>();
    }
    void aDownloadThatExistsIsAskedAbout()
    {
        QFETCH(QString, button);
        QFETCH(std::optional<IfExists>, added);
        Bench bench(tests::sampleJobs());
        bench.commands.existing = {QUrl(Link)};
        bench.commands.twin = JobId{7};
        bench.desktop.addUrls({Link});
        bench.answer(button);
        QCOMPARE(bench.commands.added.size(), added ? 1 : 0);
        if (added)
            QCOMPARE(bench.commands.added.first().spec.ifExists, added);
        const bool isShown = button == u"show"_s;
        QCOMPARE(bench.list().selectedJobs().value(0).id == JobId{7}, isShown);
    }

    void aPageThatExistsStaysAPage()
    {
        Bench bench;
        bench.commands.existing = {QUrl(Link)};
        bench.window.offerLinks({Link});
        auto *dialog = bench.window.findChild<ui::AddDownloadDialog *>();
        dialog->findChild<QComboBox *>(u"fetch"_s)->setCurrentIndex(2);
        dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok)->click();
        bench.answer(u"rename"_s);
        QCOMPARE(bench.commands.added.size(), 1);
        QCOMPARE(bench.commands.added.first().media, MediaChoice{.isAudioOnly = true});
        QCOMPARE(bench.commands.added.first().spec.url, QUrl(Link));
        QCOMPARE(bench.commands.added.first().spec.ifExists, IfExists::Rename);
    }

    void oneAnswerMayDoForAllThatExist()
    {
        Bench bench;
        const QString other = u"https://example.org/b.iso"_s;
        bench.commands.existing = {QUrl(Link), QUrl(other)};
        bench.desktop.addUrls({Link, other});
        QTRY_VERIFY(bench.question());
        QVERIFY(!bench.question()->findChild<QPushButton *>(u"show"_s));
        bench.question()->findChild<QCheckBox *>(u"forAll"_s)->setChecked(true);
        bench.answer(u"overwrite"_s);
        QCOMPARE(bench.commands.added.size(), 2);
        QTRY_VERIFY(!bench.question());
    }

    void refusedAddSaysTheLinkAndWhy()
    {
        Bench bench;
        bench.commands.answer = fail(ErrorCode::FileAccess, u"/x: Permission denied"_s);
        bench.desktop.addUrls({Link});
        QVERIFY(bench.noticeText().contains(Link));
        QVERIFY(bench.noticeText().contains(u"/x: Permission denied"_s));
    }

    void detailsSayErrorAndDigest()
    {
        Bench bench(tests::sampleJobs());
        bench.select(7);
        QVERIFY(bench.find<QLabel>(u"error"_s)->isVisible());
        QVERIFY(bench.find<QLabel>(u"error"_s)->text().startsWith(u"The disk is full"_s));
        bench.select(6);
        QVERIFY(!bench.find<QLabel>(u"error"_s)->isVisible());
        bench.find<QToolButton>(u"copySha256"_s)->click();
        QCOMPARE(QApplication::clipboard()->text(), bench.find<QLineEdit>(u"sha256"_s)->text());
        QCOMPARE(QApplication::clipboard()->text().size(), 64);
    }

    void emptyListSaysWhatToDo()
    {
        Bench bench;
        auto *text = bench.find<QLabel>(u"emptyText"_s);
        QVERIFY(text->isVisible());
        QVERIFY(text->text().contains(u"Ctrl+V"_s));
        bench.jobs.model->apply({{1, JobAdded{makeJob(1, JobState::Queued)}}});
        QVERIFY(!text->isVisible());
        bench.find<QLineEdit>(u"searchField"_s)->setText(u"nothing like it"_s);
        QVERIFY(text->isVisible());
        QVERIFY(!text->text().contains(u"Ctrl+V"_s));
    }

    void statusLineShowsTotalsAndServer()
    {
        QLocale::setDefault(QLocale::c());
        Bench bench(tests::sampleJobs());
        QCOMPARE(bench.find<QLabel>(u"totalSpeed"_s)->text(), u"49.0 MiB/s"_s);
        QCOMPARE(bench.find<QLabel>(u"counts"_s)->text(), u"3 running · 1 waiting · 1 paused"_s);
        QCOMPARE(bench.find<QLabel>(u"server"_s)->text(), u"Server off"_s);
        QVERIFY(!bench.find<QAction>(u"browser"_s)->isEnabled());
        bench.desktop.setServerAddress(u"https://127.0.0.1:8765"_s, u"AB:CD"_s);
        QVERIFY(bench.find<QLabel>(u"server"_s)->toolTip().endsWith(u"AB:CD"_s));
        bench.desktop.setServerAddress(u"http://127.0.0.1:8765"_s);
        QVERIFY(bench.find<QLabel>(u"server"_s)->toolTip().isEmpty());
        bench.find<QToolButton>(u"copyAddress"_s)->click();
        QCOMPARE(QApplication::clipboard()->text(), u"http://127.0.0.1:8765"_s);
        bench.trigger(u"browser"_s);
        QCOMPARE(bench.pagesOpened, 1);
    }

    void closing_data()
    {
        QTest::addColumn<int>("setting");
        QTest::addColumn<bool>("hasTray");
        QTest::addColumn<bool>("wasTold");
        QTest::addColumn<int>("action");
        const auto row = [](const char *name, ui::CloseSituation situation, CloseAction action) {
            QTest::newRow(name) << int(situation.setting) << situation.hasTray << situation.wasTold
                                << int(action);
        };
        row("tray, first time", {CloseToTray::Yes, true, false}, CloseAction::HideAndTell);
        row("tray, later", {CloseToTray::Yes, true, true}, CloseAction::Hide);
        row("tray, not wanted", {CloseToTray::No, true, true}, CloseAction::Quit);
        row("no tray to come back from", {CloseToTray::Yes, false, true}, CloseAction::Quit);
    }
    void closing()
    {
        QFETCH(int, setting);
        QFETCH(bool, hasTray);
        QFETCH(bool, wasTold);
        QTEST(int(ui::closeAction({CloseToTray(setting), hasTray, wasTold})), "action");
    }

    void closingWithoutATrayQuits()
    {
        Bench bench({makeJob(1, JobState::Succeeded)});
        QSignalSpy quit(&bench.desktop, &ui::Desktop::quitRequested);
        bench.window.close();
        QCOMPARE(quit.size(), 1);
        QVERIFY(bench.window.isVisible()); // whoever listens ends the program
    }

    void singleClickOpensNothing()
    {
        Bench bench({makeJob(1, JobState::Succeeded)});
        const QModelIndex index = bench.list().model()->index(0, 0);
        const QPoint place = bench.list().visualRect(index).center();
        QTest::mouseClick(bench.list().viewport(), Qt::LeftButton, Qt::NoModifier, place);
        QVERIFY(bench.noticeText().isEmpty());
        QTest::mouseDClick(bench.list().viewport(), Qt::LeftButton, Qt::NoModifier, place);
        QVERIFY(!bench.noticeText().isEmpty()); // the file is not there
    }

    void tabReachesEveryPart()
    {
        Bench bench(tests::sampleJobs());
        bench.select(6);
        QSet<QWidget *> reached;
        for (QWidget *at = bench.window.nextInFocusChain(); !reached.contains(at);
             at = at->nextInFocusChain())
            if (at->focusPolicy() & Qt::TabFocus && at->isVisible())
                reached.insert(at);
            else if (at == &bench.window)
                break;
        QVERIFY(reached.contains(&bench.list()));
        QVERIFY(reached.contains(bench.find<QLineEdit>(u"searchField"_s)));
        QVERIFY(reached.contains(bench.find<QLineEdit>(u"sha256"_s)));
        QVERIFY(reached.contains(bench.find<QToolButton>(u"copySha256"_s)));
    }

    void quittingAsksWhileJobsRun()
    {
        Bench bench({makeJob(1, JobState::Running)});
        QSignalSpy quit(&bench.desktop, &ui::Desktop::quitRequested);
        bench.trigger(u"quit"_s);
        bench.trigger(u"quit"_s);
        QCOMPARE(bench.window.findChildren<QMessageBox *>().size(), 1);
        bench.answer(u"no"_s);
        QTRY_VERIFY(!bench.question());
        QCOMPARE(quit.size(), 0);
        bench.trigger(u"quit"_s);
        bench.answer(u"yes"_s);
        QCOMPARE(quit.size(), 1);
    }

    void trayPausesAndResumesAll()
    {
        Bench bench({makeJob(1, JobState::Running), makeJob(2, JobState::Queued),
                     makeJob(3, JobState::Paused)});
        QMenu *menu = nullptr;
        for (QWidget *widget : QApplication::topLevelWidgets())
            if (auto *found = qobject_cast<QMenu *>(widget); found && !found->parent())
                menu = found;
        QVERIFY(menu);
        menu->findChild<QAction *>(u"pause"_s)->trigger();
        menu->findChild<QAction *>(u"resume"_s)->trigger();
        QCOMPARE(bench.commands.told, (QStringList{u"pause 1"_s, u"pause 2"_s, u"resume 3"_s}));
    }

    void progressIsAskedForOnlyWhileTheWindowIsSeen()
    {
        Bench bench;
        QCOMPARE(bench.jobs.viewing, ui::Viewing::Yes);
        bench.window.hide();
        QCOMPARE(bench.jobs.viewing, ui::Viewing::No);
        bench.desktop.raise();
        QCOMPARE(bench.jobs.viewing, ui::Viewing::Yes);
        bench.window.showMinimized();
        QCOMPARE(bench.jobs.viewing, ui::Viewing::No);
    }

    void layoutIsRemembered()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"window.ini"_s);
        tests::FakeCommands commands;
        tests::FakeJobSource jobs;
        tests::FakeDriveSource drives;
        tests::FakeQuestionSource questions;
        tests::FakeProgramAccess access;
        tests::FakeWorkflowAccess workflows;
        tests::FakeAgentSource agents;
        const ui::Desktop::Surroundings surroundings{.commands = commands,
                                                     .jobs = jobs,
                                                     .drives = drives,
                                                     .questions = questions,
                                                     .access = access,
                                                     .workflows = workflows,
                                                     .agents = agents,
                                                     .settingsPath = path,
                                                     .downloadFolder = folder.path(),
                                                     .openPage = [] {},
                                                     .exportExtension = {},
                                                     .openUrl = [](const QUrl &) {}};
        {
            ui::Desktop desktop(surroundings);
            desktop.show();
            desktop.window().resize(900, 500);
            desktop.window().findChild<ui::JobListView *>()->sortByColumn(0, Qt::AscendingOrder);
        }
        ui::Desktop desktop(surroundings);
        desktop.show();
        QCOMPARE(desktop.window().size(), QSize(900, 500));
        jobs.model->reset({makeJob(2, JobState::Queued), makeJob(1, JobState::Queued)}, 0);
        const auto *list = desktop.window().findChild<ui::JobListView *>();
        QCOMPARE(list->model()->index(0, 0).data().toString(), u"job1.iso"_s);
    }

    void everyControlHasAnAccessibleName()
    {
        Bench bench(tests::sampleJobs());
        bench.window.offerLinks({Link});
        for (const auto *button : bench.window.findChildren<QToolButton *>()) {
            const bool isOurs = !button->objectName().startsWith(u"qt_"_s) && button->parentWidget()
                && !qobject_cast<QLineEdit *>(button->parentWidget());
            if (isOurs)
                QVERIFY2(!button->accessibleName().isEmpty() || !button->text().isEmpty(),
                         qPrintable(button->objectName()));
        }
        for (const auto *field : bench.window.findChildren<QLineEdit *>())
            if (!field->objectName().startsWith(u"qt_"_s))
                QVERIFY2(!field->accessibleName().isEmpty(), qPrintable(field->objectName()));
        QVERIFY(!bench.list().accessibleName().isEmpty());
    }
};

QTEST_MAIN(TestDesktop)
#include "tst_desktop.moc"
