#include "core/drives/bootnames.h"

#include <QTest>

using namespace Qt::StringLiterals;
using core::BootName;
using Kind = core::BootName::Kind;
using Names = QList<core::BootName>;

/// What the kernel's command line says about drives.
class tst_BootNames : public QObject
{
    Q_OBJECT

private slots:
    void areReadFromTheCommandLine_data();
    void areReadFromTheCommandLine();
};

void tst_BootNames::areReadFromTheCommandLine_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<Names>("names");
    const auto row = [](const char *name, const QByteArray &line, const Names &names) {
        QTest::newRow(name) << line << names;
    };
    row("an empty line", "", {});
    row("no root", "quiet splash console=ttyS0", {});
    row("a path", "ro root=/dev/sda2 quiet", {{u"root=/dev/sda2"_s, Kind::Path, u"/dev/sda2"_s}});
    row("a mapped device", "root=/dev/mapper/vg-root",
        {{u"root=/dev/mapper/vg-root"_s, Kind::Path, u"/dev/mapper/vg-root"_s}});
    row("a number", "root=8:2", {{u"root=8:2"_s, Kind::Number, u"8:2"_s}});
    row("UUID and resume", "root=UUID=0a-1 resume=UUID=0b-2",
        {{u"root=UUID=0a-1"_s, Kind::Uuid, u"0a-1"_s},
         {u"resume=UUID=0b-2"_s, Kind::Uuid, u"0b-2"_s}});
    row("PARTUUID", "root=PARTUUID=738a4d67-02",
        {{u"root=PARTUUID=738a4d67-02"_s, Kind::PartUuid, u"738a4d67-02"_s}});
    row("counted from a partition", "root=PARTUUID=738a-01/PARTNROFF=1",
        {{u"root=PARTUUID=738a-01/PARTNROFF=1"_s, Kind::PartUuid, u"738a-01"_s}});
    row("LABEL and PARTLABEL", "root=LABEL=rootfs resume=PARTLABEL=swap",
        {{u"root=LABEL=rootfs"_s, Kind::Label, u"rootfs"_s},
         {u"resume=PARTLABEL=swap"_s, Kind::PartLabel, u"swap"_s}});
    row("quotes around a value", "root=LABEL=\"my root\" quiet",
        {{u"root=LABEL=my root"_s, Kind::Label, u"my root"_s}});
    row("quotes around the word", "\"root=LABEL=my root\" quiet",
        {{u"root=LABEL=my root"_s, Kind::Label, u"my root"_s}});
    row("a live image's label", "root=live:CDLABEL=My\\x20Live rd.live.image",
        {{u"root=live:CDLABEL=My\\x20Live"_s, Kind::Label, u"My Live"_s}});
    row("a live image's device", "root=live:/dev/sdb1",
        {{u"root=live:/dev/sdb1"_s, Kind::Path, u"/dev/sdb1"_s}});
    row("udev's links are read by what they say", "root=/dev/disk/by-label/my\\x20root",
        {{u"root=/dev/disk/by-label/my\\x20root"_s, Kind::Label, u"my root"_s}});
    row("what dracut opens", "rd.luks.uuid=luks-77-88 rd.lvm.lv=my-vg/root",
        {{u"rd.luks.uuid=luks-77-88"_s, Kind::Uuid, u"77-88"_s},
         {u"rd.lvm.lv=my-vg/root"_s, Kind::Path, u"/dev/mapper/my--vg-root"_s}});
    row("a network's root is no block device", "root=nfs:server:/srv root=ZFS=rpool/root", {});
    row("nothing after the equals sign", "root= resume=UUID= root", {});
    row("other options with a similar name", "rootwait rootflags=subvol=@ noresume", {});
}

void tst_BootNames::areReadFromTheCommandLine()
{
    QFETCH(QByteArray, line);
    QTEST(core::bootNamesOf(line), "names");
}

QTEST_GUILESS_MAIN(tst_BootNames)
#include "tst_bootnames.moc"
