#include "core/drives/drivewords.h"
#include "tests/ui/support/fakecommands.h"
#include "tests/ui/support/sampledrives.h"
#include "ui/dialogs/formatdialog.h"
#include "ui/driveorders.h"
#include "ui/flashorders.h"

#include <QAction>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;
using ui::DriveListModel;
using ui::DriveOrders;

namespace {

enum Row { System, Holiday, Blank, Backup, Reader };

struct Bench {
    QTemporaryDir folder;
    tests::FakeCommands commands;
    DriveListModel drives;
    QWidget window;
    DriveOrders orders{commands, drives, &window};
    QSignalSpy said{&orders, &DriveOrders::said};
    QSignalSpy added{&orders, &DriveOrders::added};

    Bench()
    {
        drives.setDrives(tests::sampleDrives());
        window.show();
    }
    void trigger(int row, const QString &name)
    {
        orders.setCurrent(row);
        orders.findChild<QAction *>(name)->trigger();
    }
    void choose(const QString &path) const
    {
        auto *dialog = window.findChild<QFileDialog *>();
        QVERIFY(dialog);
        emit dialog->fileSelected(path);
    }
    [[nodiscard]] ui::FormatDialog &dialog() const
    {
        auto *found = window.findChild<ui::FormatDialog *>();
        if (!found)
            qFatal("no dialog");
        return *found;
    }
    [[nodiscard]] QPushButton &format() const
    {
        return *dialog().findChild<QPushButton *>(u"format"_s);
    }
};

} // namespace

class TestDriveOrders : public QObject
{
    Q_OBJECT
private slots:
    void onlyDrivesThatMayBeWrittenAreOffered_data()
    {
        QTest::addColumn<int>("row");
        QTest::addColumn<bool>("isOffered");
        QTest::newRow("none") << -1 << false;
        QTest::newRow("the system's") << int(System) << false;
        QTest::newRow("a stick") << int(Holiday) << true;
        QTest::newRow("an empty reader") << int(Reader) << false;
    }
    void onlyDrivesThatMayBeWrittenAreOffered()
    {
        QFETCH(int, row);
        QFETCH(bool, isOffered);
        Bench bench;
        bench.orders.setCurrent(row);
        for (const QAction *action : bench.orders.actions()) {
            QCOMPARE(action->isEnabled(), isOffered);
            QVERIFY(isOffered || !action->toolTip().isEmpty());
        }
    }

    void aDriveThatCannotBeWrittenCanBeReadAndEjected()
    {
        Bench bench;
        QList<DriveListModel::Judged> drives = bench.drives.drives();
        drives[Holiday].drive.isReadOnly = true;
        drives[Holiday].verdict = DrivePolicy().judge(drives[Holiday].drive);
        bench.drives.setDrives(drives);
        bench.orders.setCurrent(Holiday);
        for (const QAction *action : bench.orders.actions())
            QCOMPARE(action->isEnabled(), action->objectName() != "formatdrive"_L1);
        QVERIFY(bench.orders.findChild<QAction *>(u"formatdrive"_s)
                    ->toolTip()
                    .contains(u"read-only"_s));
        bench.trigger(Holiday, u"readdrive"_s);
        bench.choose(u"/home/ada/stick.img.zst"_s);
        QCOMPARE(bench.commands.worked.size(), 1);
        bench.drives.setUsers({{drives[Holiday].drive.id, u"a.iso"_s}});
        bench.orders.setCurrent(Holiday);
        for (const QAction *action : bench.orders.actions())
            QVERIFY(!action->isEnabled());
    }

    void aDriveIsReadIntoTheChosenFile()
    {
        Bench bench;
        bench.trigger(Holiday, u"readdrive"_s);
        bench.choose(u"/home/ada/stick.img.zst"_s);
        QCOMPARE(bench.commands.worked.size(), 1);
        const ui::DriveOrder order = bench.commands.worked.constFirst();
        const Drive drive = bench.drives.drive(Holiday).drive;
        QCOMPARE(order.seen, drive.identity());
        QCOMPARE(std::get<ReadSpec>(order.spec),
                 (ReadSpec{.drive = drive.id, .to = u"/home/ada/stick.img.zst"_s}));
        QCOMPARE(bench.added.size(), 1);
    }

    void aDriveIsComparedWithTheChosenFile()
    {
        Bench bench;
        bench.trigger(Blank, u"comparedrive"_s);
        bench.choose(u"/home/ada/debian.iso"_s);
        const auto spec = std::get<CompareSpec>(bench.commands.worked.constFirst().spec);
        QCOMPARE(spec.image, u"/home/ada/debian.iso"_s);
        QCOMPARE(spec.drive, bench.drives.drive(Blank).drive.id);
    }

    void ejectingSaysThatItMayBePulledOut()
    {
        Bench bench;
        bench.trigger(Blank, u"ejectdrive"_s);
        QCOMPARE(bench.commands.told, QStringList{u"eject "_s + tests::blankStick('c').id});
        QVERIFY(bench.said.constFirst().constFirst().toString().contains(u"may be pulled out"_s));
        bench.commands.answer = fail(ErrorCode::DeviceBusy, u"a program uses it"_s);
        bench.trigger(Blank, u"ejectdrive"_s);
        QVERIFY(bench.said.constLast().constFirst().toString().contains(u"a program uses it"_s));
    }

    /// The job shows its link without what is secret in it.
    void aFlashIsOfferedAgainFromItsOwnLink()
    {
        JobSnapshot job{.kind = JobKind::Flash,
                        .source = u"https://h/a.iso?token=***"_s,
                        .spec = "{\"url\": \"https://h/a.iso?token=abc\"}"};
        QCOMPARE(ui::imageOf({job}), u"https://h/a.iso?token=abc"_s);
        job.source = u"/images/a.iso"_s;
        job.spec = "{\"image\": \"/images/a.iso\"}";
        QCOMPARE(ui::imageOf({job}), u"/images/a.iso"_s);
    }

    void formattingIsProven()
    {
        Bench bench;
        bench.trigger(Holiday, u"formatdrive"_s);
        QVERIFY(!bench.format().isEnabled() && !bench.format().autoDefault());
        const Drive drive = bench.drives.drive(Holiday).drive;
        auto *proof = bench.dialog().findChild<QLineEdit *>(u"proof "_s + drive.id);
        proof->setText(u"faeb"_s);
        QVERIFY(bench.format().isEnabled());
        QTest::keyClick(proof, Qt::Key_Return);
        QVERIFY(bench.commands.worked.isEmpty());
        bench.dialog().findChild<QComboBox *>(u"fileSystem"_s)->setCurrentIndex(1);
        auto *label = bench.dialog().findChild<QLineEdit *>(u"label"_s);
        label->setText(u"FAR TOO LONG A NAME"_s);
        QVERIFY(!bench.format().isEnabled());
        label->setText(u"STICK"_s);
        bench.format().click();
        const auto spec = std::get<FormatSpec>(bench.commands.worked.constFirst().spec);
        QCOMPARE(spec.erase, QStringList{drive.id});
        QCOMPARE(spec.fileSystem,
                 (NewFileSystem{.kind = NewFileSystem::Kind::Fat32, .label = u"STICK"_s}));
        QCOMPARE(bench.added.size(), 1);
    }

    void aDriveThatIsSwappedIsNotFormatted()
    {
        Bench bench;
        bench.trigger(Blank, u"formatdrive"_s);
        QVERIFY(bench.format().isEnabled());
        QList<DriveListModel::Judged> drives = bench.drives.drives();
        drives[Blank].drive.diskseq += 1;
        bench.drives.setDrives(drives);
        QVERIFY(!bench.format().isEnabled());
        QVERIFY(bench.dialog().findChild<QLabel *>(u"message"_s)->text().contains(u"changed"_s));
        bench.orders.findChild<QAction *>(u"ejectdrive"_s)->trigger(); // what was selected is gone
        QVERIFY(bench.commands.told.isEmpty());
    }
};

QTEST_MAIN(TestDriveOrders)
#include "tst_driveorders.moc"
