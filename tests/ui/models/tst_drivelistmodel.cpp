#include "tests/ui/support/sampledrives.h"
#include "ui/dialogs/drivechoicemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using tests::blankStick;
using tests::judged;
using ui::DriveChoiceModel;
using ui::DriveListModel;

namespace {

QList<DriveListModel::Judged> sticks(const QByteArray &letters)
{
    QList<DriveListModel::Judged> result;
    for (const char letter : letters)
        result.append(judged(blankStick(letter)));
    return result;
}

QString shown(const QAbstractItemModel &model, int row, int column)
{
    return model.index(row, column).data().toString();
}

/// Whether there is a box, and whether it is ticked.
QString boxes(const QAbstractItemModel &model)
{
    QString result;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QVariant box = model.index(row, 0).data(Qt::CheckStateRole);
        const bool hasBox = model.index(row, 0).flags().testFlag(Qt::ItemIsUserCheckable);
        result += !hasBox ? u'-' : box.value<Qt::CheckState>() == Qt::Checked ? u'x' : u'o';
    }
    return result;
}

struct Bench {
    DriveListModel drives;
    DriveChoiceModel choice{drives};
    QAbstractItemModelTester listTester{&drives};
    QAbstractItemModelTester choiceTester{&choice};
    QSignalSpy lost{&choice, &DriveChoiceModel::lost};

    void tick(int row, Qt::CheckState state = Qt::Checked)
    {
        choice.setData(choice.index(row, 0), state, Qt::CheckStateRole);
    }
    [[nodiscard]] QStringList ticked() const
    {
        QStringList result;
        for (const DriveListModel::Judged &drive : choice.ticked())
            result.append(drive.drive.path);
        return result;
    }
};

} // namespace

class TestDriveListModel : public QObject
{
    Q_OBJECT
private slots:
    void drivesComeAndGo_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::newRow("first") << QByteArray() << QByteArray("b");
        QTest::newRow("one in between") << QByteArray("bd") << QByteArray("bcd");
        QTest::newRow("the first pulled out") << QByteArray("bcd") << QByteArray("cd");
        QTest::newRow("all pulled out") << QByteArray("bcd") << QByteArray();
        QTest::newRow("others altogether") << QByteArray("bc") << QByteArray("de");
        QTest::newRow("in another order") << QByteArray("bcd") << QByteArray("dbc");
    }
    void drivesComeAndGo()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        Bench bench;
        bench.drives.setDrives(sticks(before));
        QPersistentModelIndex kept;
        for (int row = 0; row < before.size(); ++row)
            if (after.contains(before.at(row)))
                kept = bench.drives.index(row, 0);
        const QString keptPath =
            kept.isValid() ? bench.drives.drive(kept.row()).drive.path : QString();
        bench.drives.setDrives(sticks(after));
        QCOMPARE(bench.drives.rowCount(), int(after.size()));
        for (int row = 0; row < after.size(); ++row)
            QCOMPARE(bench.drives.drive(row).drive.path, blankStick(after.at(row)).path);
        if (kept.isValid())
            QCOMPARE(bench.drives.drive(kept.row()).drive.path, keptPath);
    }

    void saysWhatADriveIsAndWhyNot()
    {
        Bench bench;
        bench.drives.setDrives(tests::sampleDrives());
        QCOMPARE(shown(bench.drives, 0, DriveListModel::Name), u"Acme Disk 980"_s);
        QVERIFY(shown(bench.drives, 0, DriveListModel::Verdict).contains(u"never written"_s));
        QVERIFY(shown(bench.drives, 1, DriveListModel::Holds).contains(u"HOLIDAY"_s));
        QCOMPARE(shown(bench.drives, 1, DriveListModel::Verdict),
                 u"Can be written; careful: mounted, holds files"_s);
        QCOMPARE(shown(bench.drives, 2, DriveListModel::Verdict), u"Can be written"_s);
        QVERIFY(shown(bench.drives, 3, DriveListModel::Verdict).contains(u"large"_s));
        QVERIFY(shown(bench.drives, 4, DriveListModel::Verdict).contains(u"no medium"_s));
        const QString spoken = bench.drives.index(0, 0).data(Qt::AccessibleTextRole).toString();
        QVERIFY2(spoken.contains(u"/dev/nvme0n1"_s) && spoken.contains(u"never written"_s),
                 qPrintable(spoken));
    }

    void nothingIsTickedByItself()
    {
        Bench bench;
        bench.drives.setDrives(sticks("b"));
        QCOMPARE(boxes(bench.choice), u"o"_s);
        bench.drives.setDrives(tests::sampleDrives());
        QCOMPARE(boxes(bench.choice), u"-ooo-"_s);
        QVERIFY(bench.ticked().isEmpty());
    }

    void onlyWhatMayBeWrittenCanBeTicked()
    {
        Bench bench;
        bench.drives.setDrives(tests::sampleDrives());
        for (int row = 0; row < 5; ++row)
            bench.tick(row);
        QCOMPARE(boxes(bench.choice), u"-xxx-"_s);
        bench.tick(1, Qt::Unchecked);
        QCOMPARE(bench.ticked(), (QStringList{u"/dev/sdc"_s, u"/dev/sdd"_s}));
    }

    void whatTheImageForbids()
    {
        Bench bench;
        bench.drives.setDrives(sticks("bc"));
        bench.choice.setImage({.fileBytes = 1, .drives = {blankStick('b').identity()}});
        QCOMPARE(boxes(bench.choice), u"-o"_s);
        QCOMPARE(shown(bench.choice, 0, DriveListModel::Verdict),
                 u"The image itself lies on it."_s);
        bench.choice.setImage({.fileBytes = blankStick('b').size + 1, .drives = {}});
        QCOMPARE(boxes(bench.choice), u"--"_s);
        QCOMPARE(shown(bench.choice, 1, DriveListModel::Verdict),
                 u"It is smaller than the image."_s);
    }

    void whatAJobWritesCannotBeChosen()
    {
        Bench bench;
        bench.drives.setDrives(sticks("bc"));
        bench.drives.setUsers({{blankStick('c').id, u"debian.iso"_s}});
        QCOMPARE(boxes(bench.choice), u"o-"_s);
        QCOMPARE(shown(bench.drives, 1, DriveListModel::Verdict),
                 u"The job “debian.iso” uses it."_s);
    }

    void whatIsLostIsUnticked_data()
    {
        QTest::addColumn<QList<DriveListModel::Judged>>("after");
        QTest::addColumn<QString>("boxesThen");
        core::Drive swapped = blankStick('b');
        swapped.diskseq = 8;
        core::Drive other = blankStick('b');
        other.serial = u"another"_s;
        core::Drive locked = blankStick('b');
        locked.isReadOnly = true;
        QTest::newRow("pulled out") << sticks("c") << u"x"_s;
        QTest::newRow("another medium")
            << QList{judged(swapped), judged(blankStick('c'))} << u"ox"_s;
        QTest::newRow("another drive of that name")
            << QList{judged(other), judged(blankStick('c'))} << u"ox"_s;
        QTest::newRow("read-only") << QList{judged(locked), judged(blankStick('c'))} << u"-x"_s;
    }
    void whatIsLostIsUnticked()
    {
        QFETCH(QList<DriveListModel::Judged>, after);
        Bench bench;
        bench.drives.setDrives(sticks("bc"));
        bench.tick(0);
        bench.tick(1);
        bench.drives.setDrives(after);
        QTEST(boxes(bench.choice), "boxesThen");
        QCOMPARE(bench.lost.size(), 1);
        QCOMPARE(bench.ticked(), QStringList{u"/dev/sdc"_s});
        bench.drives.setDrives(sticks("bc")); // plugged in again: not ticked again
        QCOMPARE(boxes(bench.choice), u"ox"_s);
    }
};

QTEST_MAIN(TestDriveListModel)
#include "tst_drivelistmodel.moc"
