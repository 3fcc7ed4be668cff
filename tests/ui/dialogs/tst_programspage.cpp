#include "tests/ui/support/fakedesktop.h"
#include "tests/ui/support/sampleprograms.h"
#include "ui/dialogs/programspage.h"
#include "ui/dialogs/settingsdialog.h"

#include <QAction>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QTabWidget>
#include <QTreeView>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

/// The settings, open at the page of the programs.
struct Bench : tests::FakeDesktop {
    Bench()
    {
        show();
        access.listener({.asking = {}, .letIn = tests::samplePrograms()});
        window.findChild<QAction *>(u"settings"_s)->trigger();
        find<QTabWidget>(u"pages"_s).setCurrentIndex(1);
    }
    template<typename Widget>
    [[nodiscard]] Widget &find(const QString &name) const
    {
        auto *found = window.findChild<ui::SettingsDialog *>()->findChild<Widget *>(name);
        if (!found)
            qFatal("no widget %s", qPrintable(name));
        return *found;
    }
    [[nodiscard]] QTreeView &list() const { return find<QTreeView>(u"programList"_s); }
    [[nodiscard]] QPushButton &revoke() const { return find<QPushButton>(u"revoke"_s); }
    [[nodiscard]] QString facts() const { return find<QLabel>(u"programFacts"_s).text(); }
    void select(int row) const { list().setCurrentIndex(list().model()->index(row, 0)); }
    [[nodiscard]] QStringList row(int row) const
    {
        QStringList texts;
        for (int column = 0; column < list().model()->columnCount(); ++column)
            texts.append(list().model()->index(row, column).data().toString());
        return texts;
    }
    void answer(const QString &button) const { find<QPushButton>(button).click(); }
};

} // namespace

class TestProgramsPage : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void everyProgramHasARow()
    {
        Bench bench;
        QCOMPARE(bench.list().model()->rowCount(), 3);
        QCOMPARE(bench.row(0),
                 (QStringList{u"backup script"_s, u"see, add, control, report"_s, u"local"_s,
                              u"not yet"_s, u"never"_s}));
        const QStringList ann = bench.row(2);
        QCOMPARE(ann.mid(0, 3), (QStringList{u"Ann's phone"_s, u"see, add"_s, u"ann"_s}));
        QVERIFY(ann.at(3) != u"not yet"_s && ann.at(4) != u"never"_s);
        QVERIFY(!bench.list().accessibleName().isEmpty());
    }

    void theChosenProgramIsDescribed()
    {
        Bench bench;
        QVERIFY(!bench.revoke().isEnabled());
        bench.select(1);
        QVERIFY(bench.revoke().isEnabled());
        for (const QString &part :
             {u"Clip to Dray"_s, u"pause, resume"_s, u"chrome-extension://"_s})
            QVERIFY2(bench.facts().contains(part), qPrintable(bench.facts()));
    }

    void revokingIsAskedOnce()
    {
        Bench bench;
        bench.select(1);
        bench.revoke().click();
        QVERIFY(bench.access.told.isEmpty());
        bench.answer(u"no"_s);
        QVERIFY(bench.access.told.isEmpty());
        QTest::keyClick(&bench.list(), Qt::Key_Delete);
        QTRY_COMPARE(bench.window.findChildren<QMessageBox *>().size(), 1);
        bench.answer(u"yes"_s);
        QCOMPARE(bench.access.told, QStringList{u"revoke bbbb"_s});
    }

    void programsComeAndGoWhileThePageIsOpen()
    {
        Bench bench;
        bench.select(1);
        QList<TokenEntry> programs = tests::samplePrograms();
        programs.removeFirst();
        TokenEntry added = programs.constLast();
        added.id = u"dddd"_s;
        added.name = u"Tablet"_s;
        programs.append(added);
        bench.access.listener({.asking = {}, .letIn = programs});
        QCOMPARE(bench.row(2).constFirst(), u"Tablet"_s);
        QVERIFY(bench.facts().contains(u"Clip to Dray"_s)); // the choice stays with its program
        bench.revoke().click();
        bench.answer(u"yes"_s);
        QCOMPARE(bench.access.told, QStringList{u"revoke bbbb"_s});
        bench.access.listener({.asking = {}, .letIn = {}});
        QCOMPARE(bench.list().model()->rowCount(), 0);
        QVERIFY(!bench.revoke().isEnabled());
        QVERIFY(bench.facts().contains(u"No other program"_s));
    }

    void aFailureIsSaid()
    {
        Bench bench;
        bench.access.answer = fail(ErrorCode::NoSpace, u"dray.db"_s);
        bench.select(0);
        bench.revoke().click();
        bench.answer(u"yes"_s);
        const auto &problem = bench.find<QLabel>(u"programProblem"_s);
        bench.access.listener({.asking = {}, .letIn = tests::samplePrograms()});
        QVERIFY2(problem.text().contains(u"could not be saved"_s), qPrintable(problem.text()));
        QVERIFY(problem.isVisible());
    }

    void timesOfUseAreAskedForWhileThePageIsSeen()
    {
        Bench bench;
        QCOMPARE(bench.access.refreshes, 1);
        bench.find<QTabWidget>(u"pages"_s).setCurrentIndex(0);
        bench.find<QTabWidget>(u"pages"_s).setCurrentIndex(1);
        QCOMPARE(bench.access.refreshes, 2);
    }
};

QTEST_MAIN(TestProgramsPage)
#include "tst_programspage.moc"
