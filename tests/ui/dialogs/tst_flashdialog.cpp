#include "tests/ui/support/fakecommands.h"
#include "tests/ui/support/sampledrives.h"
#include "ui/dialogs/drivechoicemodel.h"
#include "ui/dialogs/eraseconfirmation.h"
#include "ui/dialogs/flashdialog.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace Qt::StringLiterals;
using tests::blankStick;
using tests::judged;
using ui::DriveListModel;
using ui::FlashForm;
using ui::FlashProblem;

namespace {

enum Row { System, Holiday, Blank, Backup, Reader };

ui::FlashDialog::Send sendTo(tests::FakeCommands &commands)
{
    return [&commands](const ui::FlashOrder &order, const ui::Commands::Answer &answer) {
        commands.flash(order, [answer](const auto &id) { answer(id.map([](core::JobId) {})); });
    };
}

struct Bench {
    QTemporaryDir folder;
    QString image = folder.filePath(u"debian.iso"_s);
    tests::FakeCommands commands;
    DriveListModel drives;
    ui::FlashDialog dialog{ui::FlashDialog::Purpose::Flash, sendTo(commands), drives};

    Bench()
    {
        QFile file(image);
        if (!file.open(QIODevice::WriteOnly) || file.write("image") != 5)
            qFatal("the image cannot be written");
        drives.setDrives(tests::sampleDrives());
        dialog.setImage(image);
        dialog.show();
        if (!QTest::qWaitForWindowExposed(&dialog))
            qFatal("the dialog does not appear");
    }
    template<typename Widget>
    [[nodiscard]] Widget &find(const QString &name) const
    {
        auto *found = dialog.findChild<Widget *>(name);
        if (!found)
            qFatal("no widget %s", qPrintable(name));
        return *found;
    }
    void tick(int row) const
    {
        QAbstractItemModel &model = *find<QTreeView>(u"drives"_s).model();
        model.setData(model.index(row, 0), Qt::Checked, Qt::CheckStateRole);
    }
    [[nodiscard]] QLineEdit &proof(int row) const
    {
        return find<QLineEdit>(u"proof "_s + drives.drive(row).drive.id);
    }
    [[nodiscard]] QPushButton &write() const { return find<QPushButton>(u"write"_s); }
    [[nodiscard]] QString message() const { return find<QLabel>(u"message"_s).text(); }
};

} // namespace

class TestFlashDialog : public QObject
{
    Q_OBJECT
private slots:
    void wrongInput_data()
    {
        QTest::addColumn<FlashForm>("form");
        QTest::addColumn<FlashProblem>("problem");
        static const QTemporaryDir folder;
        const QString image = folder.filePath(u"a.img"_s);
        const QString empty = folder.filePath(u"empty.img"_s);
        for (const QString &path : {image, empty}) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            QCOMPARE(file.write(path == image ? "x" : ""), path == image ? 1 : 0);
        }
        const FlashForm right{
            .image = image, .drives = {blankStick('b')}, .confirmed = FlashForm::Confirmed::Yes};
        const auto row = [&right](const char *name, FlashProblem problem, auto change) {
            FlashForm form = right;
            change(form);
            QTest::newRow(name) << form << problem;
        };
        row("right", FlashProblem::None, [](FlashForm &) {});
        row("no image", FlashProblem::NoImage, [](FlashForm &form) { form.image = u"  "_s; });
        row("no such image", FlashProblem::ImageMissing,
            [](FlashForm &form) { form.image = u"/no/such.img"_s; });
        row("a folder", FlashProblem::ImageMissing,
            [](FlashForm &form) { form.image = folder.path(); });
        row("a relative path", FlashProblem::ImageMissing,
            [](FlashForm &form) { form.image = u"a.img"_s; });
        row("an empty file", FlashProblem::ImageEmpty,
            [&empty](FlashForm &form) { form.image = empty; });
        row("a link", FlashProblem::None,
            [](FlashForm &form) { form.image = u"https://example.org/a.iso"_s; });
        row("no link", FlashProblem::Link,
            [](FlashForm &form) { form.image = u"https://exa mple:x/a.iso"_s; });
        row("no SHA-256", FlashProblem::Sha256, [](FlashForm &form) { form.sha256 = u"abc"_s; });
        row("upper case", FlashProblem::None,
            [](FlashForm &form) { form.sha256 = QString(64, u'A'); });
        row("no such bmap", FlashProblem::BmapMissing,
            [](FlashForm &form) { form.bmap = u"/no/such.bmap"_s; });
        row("no drive", FlashProblem::NoDrive, [](FlashForm &form) { form.drives.clear(); });
        row("not confirmed", FlashProblem::NotConfirmed,
            [](FlashForm &form) { form.confirmed = FlashForm::Confirmed::No; });
    }
    void wrongInput()
    {
        QFETCH(FlashForm, form);
        QFETCH(FlashProblem, problem);
        const ui::FlashRequest request = ui::checked(form);
        QCOMPARE(request.problem, problem);
        const bool isQuiet = problem == FlashProblem::None || problem == FlashProblem::NoImage;
        QCOMPARE(ui::flashProblemText(request.problem, request.value).isEmpty(), isQuiet);
        QCOMPARE(request.order.spec.drives.isEmpty(), problem != FlashProblem::None);
    }

    void whichDrivesMustBeProven_data()
    {
        QTest::addColumn<QList<core::DriveRisk>>("risks");
        QTest::addColumn<bool>("isAsked");
        using enum core::DriveRisk;
        QTest::newRow("blank") << QList<core::DriveRisk>{} << false;
        QTest::newRow("said to turn") << QList{Rotational} << false;
        QTest::newRow("large") << QList{Large} << true;
        QTest::newRow("mounted") << QList{Mounted} << true;
        QTest::newRow("in use") << QList{InUse} << true;
        QTest::newRow("has a file system") << QList{FileSystem} << true;
    }
    void whichDrivesMustBeProven()
    {
        QFETCH(QList<core::DriveRisk>, risks);
        core::DriveErasure erasure;
        erasure.risks = risks;
        using Prove = ui::EraseConfirmation::Prove;
        QTEST(ui::EraseConfirmation(Prove::Risky).mustBeProven(erasure), "isAsked");
        QVERIFY(ui::EraseConfirmation(Prove::All).mustBeProven(erasure));
    }

    void nothingIsChosenAtFirst()
    {
        Bench bench;
        QVERIFY(!bench.write().isEnabled());
        QVERIFY(!bench.write().isDefault() && !bench.write().autoDefault());
        QVERIFY(bench.find<QLabel>(u"nothingTicked"_s).isVisible());
        QVERIFY(bench.find<QCheckBox>(u"verify"_s).isChecked());
    }

    void aBlankDriveNeedsATickAndTheButton()
    {
        Bench bench;
        bench.tick(Blank);
        QVERIFY(!bench.proof(Blank).isVisible());
        QCOMPARE(bench.write().text(), u"&Erase and write 1 drive"_s);
        QSignalSpy added(&bench.dialog, &QDialog::accepted);
        bench.write().click();
        QCOMPARE(bench.commands.flashed.size(), 1);
        const ui::FlashOrder order = bench.commands.flashed.constFirst();
        const core::Drive drive = blankStick('c');
        QCOMPARE(order.spec.image, bench.image);
        QCOMPARE(order.spec.drives, QStringList{drive.id});
        QCOMPARE(order.spec.erase, QStringList{drive.id});
        QCOMPARE(order.seen, QList{drive.identity()});
        QCOMPARE(order.spec.verify, core::Verify::Yes);
        QCOMPARE(added.size(), 1);
        QVERIFY(!bench.dialog.isVisible());
    }

    void drivesThatHoldSomethingAreProvenEach()
    {
        Bench bench;
        bench.tick(Holiday);
        bench.tick(Backup);
        QCOMPARE(bench.write().text(), u"&Erase and write 2 drives"_s);
        QVERIFY(!bench.write().isEnabled());
        QTest::keyClicks(&bench.proof(Holiday), u"FAEB"_s);
        QVERIFY(!bench.write().isEnabled());
        QTest::keyClicks(&bench.proof(Backup), u"faeb"_s); // the other one's
        QVERIFY(!bench.write().isEnabled());
        bench.proof(Backup).clear();
        QTest::keyClicks(&bench.proof(Backup), u" faed "_s);
        QVERIFY(bench.write().isEnabled());
    }

    void returnInAFieldErasesNothing()
    {
        Bench bench;
        bench.tick(Holiday);
        QTest::keyClicks(&bench.proof(Holiday), u"FAEB"_s);
        QVERIFY(bench.write().isEnabled());
        QTest::keyClick(&bench.proof(Holiday), Qt::Key_Return);
        QTest::keyClick(&bench.find<QTreeView>(u"drives"_s), Qt::Key_Return);
        QVERIFY(bench.commands.flashed.isEmpty());
        QVERIFY(bench.dialog.isVisible());
    }

    void spaceTicksTheDriveThatIsReachedByKeys()
    {
        Bench bench;
        auto &list = bench.find<QTreeView>(u"drives"_s);
        list.setFocus();
        list.setCurrentIndex(list.model()->index(System, 0));
        QTest::keyClick(&list, Qt::Key_Space);
        QVERIFY(!bench.write().isEnabled());
        list.setCurrentIndex(list.model()->index(Blank, 0));
        QTest::keyClick(&list, Qt::Key_Space);
        QVERIFY(bench.write().isEnabled());
    }

    void aDriveThatIsSwappedIsUntickedVisibly()
    {
        Bench bench;
        bench.tick(Holiday);
        QTest::keyClicks(&bench.proof(Holiday), u"FAEB"_s);
        QList<DriveListModel::Judged> drives = bench.drives.drives();
        drives[Holiday].drive.diskseq += 1;
        bench.drives.setDrives(drives);
        QVERIFY(!bench.write().isEnabled());
        QVERIFY2(bench.message().contains(u"unplugged or changed"_s), qPrintable(bench.message()));
        bench.drives.setDrives(drives); // what follows does not hide it
        QVERIFY(bench.message().contains(u"unplugged or changed"_s));
        bench.tick(Holiday);
        QVERIFY(!bench.message().contains(u"unplugged or changed"_s));
        QCOMPARE(bench.proof(Holiday).text(), QString());
    }

    void aDriveThatGetsMountedHasToBeProven()
    {
        Bench bench;
        bench.tick(Blank);
        QVERIFY(bench.write().isEnabled());
        QList<DriveListModel::Judged> drives = bench.drives.drives();
        drives[Blank].drive.contents = drives.at(Holiday).drive.contents;
        drives[Blank] = judged(drives.at(Blank).drive);
        bench.drives.setDrives(drives);
        QVERIFY(bench.proof(Blank).isVisible());
        QVERIFY(!bench.write().isEnabled());
    }

    void whatTheHubRefusesIsSaidInTheDialog_data()
    {
        QTest::addColumn<core::Error>("error");
        using enum core::ErrorCode;
        const auto row = [](const char *name, core::ErrorCode code) {
            QTest::newRow(name) << core::Error{code, u"the reason"_s};
        };
        row("not allowed", Forbidden);
        row("too large", ImageTooLarge);
        row("not confirmed", ConfirmationRequired);
        row("gone", DeviceGone);
        row("not there", NotFound);
    }
    void whatTheHubRefusesIsSaidInTheDialog()
    {
        QFETCH(core::Error, error);
        Bench bench;
        bench.commands.answer = core::fail(error);
        bench.tick(Blank);
        bench.write().click();
        QVERIFY(bench.dialog.isVisible());
        QVERIFY2(bench.message().contains(u"the reason"_s), qPrintable(bench.message()));
        QVERIFY(!bench.message().contains(u"token"_s));
        QVERIFY(bench.write().isEnabled()); // to try again
    }

    void advancedFieldsGoIntoTheOrder()
    {
        Bench bench;
        bench.find<QToolButton>(u"advanced"_s).click();
        bench.find<QLineEdit>(u"sha256"_s).setText(QString(64, u'B'));
        bench.find<QLineEdit>(u"bmap"_s).setText(bench.image);
        bench.find<QLineEdit>(u"partition"_s).setText(u" root "_s);
        bench.find<QCheckBox>(u"verify"_s).setChecked(false);
        bench.tick(Blank);
        bench.write().click();
        QCOMPARE(bench.commands.flashed.size(), 1);
        const core::FlashSpec spec = bench.commands.flashed.constFirst().spec;
        QCOMPARE(spec.sha256, QString(64, u'b'));
        QCOMPARE(spec.bmap, bench.image);
        QCOMPARE(spec.partition, u"root"_s);
        QCOMPARE(spec.verify, core::Verify::No);
    }
};

QTEST_MAIN(TestFlashDialog)
#include "tst_flashdialog.moc"
