#include "core/drives/drivelist.h"

#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

Drive stick(const QString &name, quint64 diskseq = 1)
{
    return {.id = u"usb-"_s + name,
            .path = u"/dev/"_s + name,
            .size = 31'900'000'000,
            .diskseq = diskseq,
            .bus = Bus::Usb,
            .isRemovable = true};
}

Drive mounted(Drive drive)
{
    drive.contents = {{.path = drive.path, .mounts = {{drive.path, u"/media/data"_s}}}};
    return drive;
}

QString told(const DriveEvent &event)
{
    if (const auto *added = std::get_if<DriveAdded>(&event))
        return u"added "_s + added->drive.drive.id;
    if (const auto *changed = std::get_if<DriveChanged>(&event))
        return u"changed "_s + changed->drive.drive.id;
    return u"removed "_s + std::get<DriveRemoved>(event).id;
}

} // namespace

/// What is told when drives come and go.
class TestDriveList : public QObject
{
    Q_OBJECT
private slots:
    void everyChangeIsTold_data()
    {
        QTest::addColumn<QList<Drive>>("before");
        QTest::addColumn<QList<Drive>>("after");
        QTest::addColumn<QStringList>("events");
        using Drives = QList<Drive>;
        const Drive sdb = stick(u"sdb"_s);
        const Drive sdc = stick(u"sdc"_s);
        QTest::newRow("plugged in")
            << Drives{sdb} << Drives{sdb, sdc} << QStringList{u"added usb-sdc"_s};
        QTest::newRow("pulled out")
            << Drives{sdb, sdc} << Drives{sdc} << QStringList{u"removed usb-sdb"_s};
        QTest::newRow("mounted") << Drives{sdb} << Drives{mounted(sdb)}
                                 << QStringList{u"changed usb-sdb"_s};
        QTest::newRow("another medium") << Drives{sdb} << Drives{stick(u"sdb"_s, 2)}
                                        << QStringList{u"removed usb-sdb"_s, u"added usb-sdb"_s};
        Drive smaller = sdb; // kernels before 5.15 do not count media
        smaller.size = 8'000'000'000;
        QTest::newRow("a medium of another size")
            << Drives{sdb} << Drives{smaller}
            << QStringList{u"removed usb-sdb"_s, u"added usb-sdb"_s};
        QTest::newRow("one for the other")
            << Drives{sdb} << Drives{sdc} << QStringList{u"removed usb-sdb"_s, u"added usb-sdc"_s};
        Drive first = stick(u"sdb"_s, 3);
        Drive second = stick(u"sdc"_s, 4);
        first.id = u"usb-X"_s;
        second.id = u"usb-X@1-4"_s;
        QTest::newRow("a twin comes")
            << Drives{first} << Drives{first, second} << QStringList{u"added usb-X@1-4"_s};
        QTest::newRow("the first of twins goes")
            << Drives{first, second} << Drives{second} << QStringList{u"removed usb-X"_s};
        QTest::newRow("nothing") << Drives{sdb} << Drives{sdb} << QStringList();
    }
    void everyChangeIsTold()
    {
        QFETCH(QList<Drive>, before);
        QFETCH(QList<Drive>, after);
        DriveList list{DrivePolicy()};
        list.update(before);
        QStringList events;
        connect(&list, &DriveList::changed, this, [&events](const DriveEvents &changes) {
            for (const DriveEvent &event : changes)
                events.append(told(event));
        });
        list.update(after);
        QTEST(events, "events");
        QCOMPARE(list.drives().size(), after.size());
    }

    void drivesAreJudged()
    {
        DriveList list{DrivePolicy()};
        Drive system = stick(u"sda"_s);
        system.contents = {{.path = system.path, .mounts = {{system.path, u"/"_s}}}};
        list.update({system, stick(u"sdb"_s)});
        QVERIFY(list.drives().at(0).verdict.isSystem());
        QVERIFY(list.drives().at(1).verdict.isAllowed());
    }

    /// What may be written can change while the drive is the same.
    void theVerdictIsPartOfTheChange()
    {
        DriveList list{DrivePolicy()};
        list.update({stick(u"sdb"_s)});
        DriveEvents events;
        connect(&list, &DriveList::changed, this,
                [&events](const DriveEvents &changes) { events = changes; });
        list.update({mounted(stick(u"sdb"_s))});
        const auto &changed = std::get<DriveChanged>(events.constFirst());
        QVERIFY(changed.before.verdict.risks.isEmpty());
        QCOMPARE(changed.drive.verdict.risks, QList{DriveRisk::Mounted});
    }
};

QTEST_GUILESS_MAIN(TestDriveList)
#include "tst_drivelist.moc"
