#include "tests/ui/support/fakecommands.h"
#include "ui/dialogs/settingsdialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;
using Type = core::Settings::Type;

namespace {

QList<Settings::Entry> entries()
{
    const QString none;
    return {
        {u"download.folder"_s, Type::Folder, none, none, 0, 0, u"Where downloads go"_s},
        {u"download.ifExists"_s, Type::Choice, u"rename"_s, u"rename"_s, 0, 0, u"When it is"_s},
        {u"limit.download"_s, Type::Int, 0LL, 0LL, 0, 1'000'000'000'000, u"Bytes per second"_s},
        {u"queue.downloads"_s, Type::Int, 3LL, 3LL, 1, 100, u"Downloads that run"_s},
        {u"window.closeToTray"_s, Type::Bool, true, true, 0, 1, u"Closing leaves it"_s},
    };
}

struct Bench {
    tests::FakeCommands commands;
    std::unique_ptr<ui::SettingsDialog> dialog;

    Bench()
    {
        commands.settings = entries();
        dialog = std::make_unique<ui::SettingsDialog>(commands);
        dialog->open();
    }
    template<typename Field>
    [[nodiscard]] Field &field(const QString &key) const
    {
        auto *found = dialog->findChild<Field *>(key);
        if (!found)
            qFatal("no field for %s", qPrintable(key));
        return *found;
    }
    void save() const
    {
        dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Save)->click();
    }
};

} // namespace

class TestSettingsDialog : public QObject
{
    Q_OBJECT
private slots:
    void everySettingHasAFieldOfItsTypeInItsGroup()
    {
        const Bench bench;
        QCOMPARE(bench.field<QLineEdit>(u"download.folder"_s).text(), QString());
        QCOMPARE(bench.field<QComboBox>(u"download.ifExists"_s).currentData(), u"rename"_s);
        QCOMPARE(bench.field<QLineEdit>(u"limit.download"_s).text(), u"0"_s);
        QCOMPARE(bench.field<QSpinBox>(u"queue.downloads"_s).maximum(), 100);
        QVERIFY(bench.field<QCheckBox>(u"window.closeToTray"_s).isChecked());
        QStringList groups;
        for (const auto *box : bench.dialog->findChildren<QGroupBox *>())
            groups.append(box->title());
        QCOMPARE(groups, (QStringList{u"Downloads"_s, u"Speed"_s, u"Queue"_s, u"Window"_s}));
    }

    void savingSetsWhatWasChangedAndCloses()
    {
        const Bench bench;
        bench.field<QComboBox>(u"download.ifExists"_s).setCurrentIndex(3);
        bench.field<QLineEdit>(u"limit.download"_s).setText(u" 2M "_s);
        bench.field<QCheckBox>(u"window.closeToTray"_s).setChecked(false);
        bench.save();
        QCOMPARE(bench.commands.told,
                 (QStringList{u"set download.ifExists to ask"_s, u"set limit.download to 2097152"_s,
                              u"set window.closeToTray to false"_s}));
        QVERIFY(!bench.dialog->isVisible());
    }

    void savingWithoutAChangeSetsNothing()
    {
        const Bench bench;
        bench.save();
        QVERIFY(bench.commands.told.isEmpty());
        QVERIFY(!bench.dialog->isVisible());
    }

    void whatIsWrongIsSaidAtItsField()
    {
        Bench bench;
        bench.commands.wrongSettings.insert(u"download.folder"_s,
                                            {ErrorCode::InvalidArgument, u"\"x\" is no path"_s});
        bench.field<QLineEdit>(u"download.folder"_s).setText(u"x"_s);
        bench.field<QSpinBox>(u"queue.downloads"_s).setValue(5);
        bench.save();
        const auto &problem = bench.field<QLabel>(u"download.folderProblem"_s);
        QVERIFY(bench.dialog->isVisible());
        QVERIFY(problem.isVisible());
        QVERIFY(problem.text().contains(u"\"x\" is no path"_s));
        bench.commands.told.clear();
        bench.commands.wrongSettings.clear();
        bench.field<QLineEdit>(u"download.folder"_s).setText(u"/x"_s);
        bench.save(); // what was accepted before is not set again
        QCOMPARE(bench.commands.told, QStringList{u"set download.folder to /x"_s});
        QVERIFY(!bench.dialog->isVisible());
    }

    void cancelSetsNothing()
    {
        const Bench bench;
        bench.field<QSpinBox>(u"queue.downloads"_s).setValue(5);
        bench.dialog->reject();
        QVERIFY(bench.commands.told.isEmpty());
    }
};

QTEST_MAIN(TestSettingsDialog)
#include "tst_settingsdialog.moc"
