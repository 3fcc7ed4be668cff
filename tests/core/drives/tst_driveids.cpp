#include "core/drives/driveids.h"

#include <QTest>

using namespace Qt::StringLiterals;
using core::Drive;
using Drives = QList<core::Drive>;

namespace {

/// A stick of a series that shares its serial, with its hardware's id.
Drive twin(const QString &name, const QString &port, quint64 diskseq)
{
    return {.id = u"usb-X"_s,
            .path = u"/dev/"_s + name,
            .port = port,
            .size = 1'000'000,
            .diskseq = diskseq};
}

Drive named(Drive drive, const QString &id)
{
    drive.id = id;
    return drive;
}

} // namespace

/// Which ids drives get that would have the same one.
class tst_DriveIds : public QObject
{
    Q_OBJECT

private slots:
    void areUniqueAndStay_data();
    void areUniqueAndStay();
    void knowAMediumFromItsTwin_data();
    void knowAMediumFromItsTwin();
};

void tst_DriveIds::areUniqueAndStay_data()
{
    QTest::addColumn<Drives>("before");
    QTest::addColumn<Drives>("drives");
    QTest::addColumn<QStringList>("ids");
    const auto row = [](const char *name, const Drives &before, const Drives &drives,
                        const QStringList &ids) { QTest::newRow(name) << before << drives << ids; };
    const Drive first = twin(u"sdb"_s, u"1-3"_s, 5);
    const Drive second = twin(u"sdc"_s, u"1-4"_s, 6);
    const Drive named1 = named(first, u"usb-X"_s);
    const Drive named2 = named(second, u"usb-X@1-4"_s);
    row("alone", {}, {first}, {u"usb-X"_s});
    row("both at once: the one that appeared first is plain", {}, {first, second},
        {u"usb-X"_s, u"usb-X@1-4"_s});
    row("whatever their names are", {}, {twin(u"sdb"_s, u"1-3"_s, 9), second},
        {u"usb-X@1-3"_s, u"usb-X"_s});
    row("the second comes", {named1}, {first, second}, {u"usb-X"_s, u"usb-X@1-4"_s});
    row("the first goes: the second keeps its id", {named1, named2}, {second}, {u"usb-X@1-4"_s});
    row("the first comes again elsewhere", {named2}, {twin(u"sdb"_s, u"1-5"_s, 7), second},
        {u"usb-X"_s, u"usb-X@1-4"_s});
    row("a third comes", {named1, named2}, {first, second, twin(u"sdd"_s, u"1-5"_s, 7)},
        {u"usb-X"_s, u"usb-X@1-4"_s, u"usb-X@1-5"_s});
    row("another medium in a reader keeps the reader's id", {named1, named2},
        {twin(u"sdb"_s, u"1-3"_s, 8), second}, {u"usb-X"_s, u"usb-X@1-4"_s});
    row("the plain id stays with who has it, though an older one appears", {named1},
        {first, twin(u"sda"_s, u"1-2"_s, 4)}, {u"usb-X"_s, u"usb-X@1-2"_s});
    row("two disks behind one port", {},
        {first, twin(u"sdc"_s, u"1-4"_s, 6), twin(u"sdd"_s, u"1-4"_s, 7)},
        {u"usb-X"_s, u"usb-X@1-4"_s, u"usb-X@sdd"_s});
    row("without a port", {}, {first, twin(u"sdc"_s, {}, 6)}, {u"usb-X"_s, u"usb-X@sdc"_s});
    row("other hardware under the same name", {named(first, u"usb-Y"_s)}, {first}, {u"usb-X"_s});
}

void tst_DriveIds::areUniqueAndStay()
{
    QFETCH(Drives, before);
    QFETCH(Drives, drives);
    core::makeIdsUnique(drives, before);
    QStringList ids;
    for (const Drive &drive : std::as_const(drives))
        ids.append(drive.id);
    QTEST(ids, "ids");
}

void tst_DriveIds::knowAMediumFromItsTwin_data()
{
    using core::DriveIdentity;
    QTest::addColumn<DriveIdentity>("agreed");
    QTest::addColumn<DriveIdentity>("found");
    QTest::addColumn<bool>("isSame");
    QTest::addColumn<bool>("mayBe");
    const DriveIdentity x{u"usb-X"_s, u"1"_s, 100, 5};
    QTest::newRow("itself") << x << x << true << true;
    QTest::newRow("itself as a twin")
        << x << DriveIdentity{u"usb-X@1-4"_s, u"1"_s, 100, 5} << true << true;
    QTest::newRow("its twin") << x << DriveIdentity{u"usb-X"_s, u"1"_s, 100, 6} << false << false;
    QTest::newRow("other hardware")
        << x << DriveIdentity{u"usb-Y"_s, u"1"_s, 100, 5} << false << false;
    QTest::newRow("another size") << x << DriveIdentity{u"usb-X"_s, u"1"_s, 99, 5} << false
                                  << false;
    const DriveIdentity uncounted{u"usb-X"_s, u"1"_s, 100, 0, u"1-3 sdb"_s};
    const auto row = [&uncounted](const char *name, const QString &id, const QString &place,
                                  bool isSame) {
        QTest::newRow(name) << uncounted << DriveIdentity{id, u"1"_s, 100, 0, place} << isSame
                            << true;
    };
    row("uncounted: itself", u"usb-X"_s, u"1-3 sdb"_s, true);
    row("uncounted: itself as a twin", u"usb-X@1-3"_s, u"1-3 sdb"_s, true);
    row("uncounted: its twin", u"usb-X@1-4"_s, u"1-4 sdc"_s, false);
    row("uncounted: its twin, plain after it went", u"usb-X"_s, u"1-4 sdc"_s, false);
    row("uncounted: its twin under its name", u"usb-X"_s, u"1-4 sdb"_s, false);
    row("uncounted: its twin behind the same port", u"usb-X"_s, u"1-3 sdc"_s, false);
    row("uncounted: nobody noted where", u"usb-X"_s, {}, false);
    const DriveIdentity nowhere{u"usb-X"_s, u"1"_s, 100, 0};
    QTest::newRow("uncounted: nobody noted where, ever") << nowhere << nowhere << false << true;
    const DriveIdentity loop{u"loop3"_s, {}, 100, 0, u"loop3"_s};
    QTest::newRow("uncounted: a loop device") << loop << loop << true << true;
}

void tst_DriveIds::knowAMediumFromItsTwin()
{
    QFETCH(core::DriveIdentity, agreed);
    QFETCH(core::DriveIdentity, found);
    QTEST(found.isSameMedium(agreed), "isSame");
    QTEST(core::mayBeAmong({agreed}, found), "mayBe");
}

QTEST_GUILESS_MAIN(tst_DriveIds)
#include "tst_driveids.moc"
