#include "core/drives/drivewords.h"

#include <QLocale>

#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

struct Word {
    QLatin1StringView udevName;
    QLatin1StringView word;
};

constexpr std::array Words = std::to_array<Word>({
    {"vfat"_L1, "FAT"_L1},
    {"exfat"_L1, "exFAT"_L1},
    {"ntfs"_L1, "NTFS"_L1},
    {"hfsplus"_L1, "Mac OS Extended"_L1},
    {"apfs"_L1, "APFS"_L1},
    {"iso9660"_L1, "CD or DVD image"_L1},
    {"udf"_L1, "UDF"_L1},
    {"swap"_L1, "swap space"_L1},
    {"crypto_LUKS"_L1, "encrypted with LUKS"_L1},
    {"BitLocker"_L1, "encrypted with BitLocker"_L1},
    {"LVM2_member"_L1, "part of an LVM volume group"_L1},
    {"linux_raid_member"_L1, "part of a RAID"_L1},
    {"zfs_member"_L1, "part of a ZFS pool"_L1},
});

/// As makers of drives count: powers of 1000.
QString sizeWord(qint64 bytes)
{
    return QLocale::c().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

bool isKnown(const DriveContent &content)
{
    return !content.fileSystem.isEmpty() || !content.label.isEmpty() || !content.mounts.isEmpty()
        || !content.holders.isEmpty();
}

QString riskWord(DriveRisk risk)
{
    switch (risk) {
    case DriveRisk::Large:
        return u"larger than 128 GiB"_s;
    case DriveRisk::Mounted:
        return u"mounted"_s;
    case DriveRisk::InUse:
        return u"in use"_s;
    case DriveRisk::FileSystem:
        return u"has a file system"_s;
    case DriveRisk::Rotational:
        return u"perhaps a hard drive"_s;
    }
    return {};
}

QString contentWords(const DriveContent &content)
{
    QStringList facts;
    if (!content.fileSystem.isEmpty())
        facts.append(fileSystemWord(content.fileSystem));
    facts.append(sizeWord(content.size));
    QStringList points;
    for (const DriveMount &mount : content.mounts)
        points.append(mount.point);
    if (!points.isEmpty())
        facts.append(u"mounted at "_s + points.join(u" and "_s));
    if (!content.holders.isEmpty())
        facts.append(u"in use by "_s + content.holders.join(u" and "_s));
    const QString name = content.label.isEmpty() ? content.path : u"\"%1\""_s.arg(content.label);
    return u"%1 (%2)"_s.arg(name, facts.join(u", "_s));
}

QString unknownWords(qsizetype count)
{
    return count == 1 ? u"1 partition without a known file system"_s
                      : u"%1 partitions without a known file system"_s.arg(count);
}

} // namespace

QString fileSystemWord(const QString &udevName)
{
    for (const Word &word : Words)
        if (udevName == word.udevName)
            return word.word;
    return udevName;
}

QString riskWords(const QList<DriveRisk> &risks)
{
    QStringList words;
    for (const DriveRisk risk : risks)
        words.append(riskWord(risk));
    return words.join(u", "_s);
}

QString driveWords(const Drive &drive)
{
    QStringList facts{u"%1 %2"_s.arg(drive.vendor, drive.model).simplified(), sizeWord(drive.size),
                      drive.serial.isEmpty() ? u"id "_s + drive.id : u"serial "_s + drive.serial};
    facts.removeAll(QString());
    return u"%1 (%2)"_s.arg(drive.path, facts.join(u", "_s));
}

QString erasedContents(const Drive &drive)
{
    QStringList words;
    qsizetype unknown = 0;
    for (const DriveContent &content : drive.contents) {
        if (isKnown(content))
            words.append(contentWords(content));
        else
            ++unknown;
    }
    if (unknown > 0)
        words.append(unknownWords(unknown));
    return words.isEmpty() ? u"nothing known, %1 in all"_s.arg(sizeWord(drive.size))
                           : words.join(u"; "_s);
}

} // namespace core
