#include "core/drives/sysfsdrives.h"

#include "core/drives/blockstack.h"
#include "core/drives/drivehardware.h"
#include "core/drives/driveids.h"
#include "core/drives/drivepolicy.h"
#include "core/drives/mountusers.h"

#include <QFileInfo>

#include <algorithm>
#include <functional>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// What lies on each block device, found from above: every mount, swap and stacked device is noted
/// at all that is below it.
struct Uses {
    QList<DriveMount> mounts;
    QStringList holders;
    QStringList swaps;
    QStringList bootNames;
};
using UsesByName = QMap<QString, Uses>;

/// Mount points as the kernel names them, without links. One under whose own name something is mounted
/// has none: it is not looked at, for what is mounted there may hang.
QStringList withoutLinks(const QStringList &points, const QList<MountEntry> &mounts)
{
    QStringList result;
    for (const QString &point : points) {
        const bool isMounted = std::ranges::find(mounts, point, &MountEntry::point) != mounts.end();
        const QString real = isMounted ? QString() : QFileInfo(point).canonicalFilePath();
        result.append(real.isEmpty() ? point : real);
    }
    return result;
}

void noteMounts(const BlockStack &stack, const QStringList &permanent, UsesByName &uses)
{
    for (const MountEntry &entry : stack.mounts()) {
        QSet<QString> below;
        const QStringList members = stack.membersOf(entry);
        for (const QString &member : members)
            below += stack.allBelow(member);
        const QString device = u"/dev/"_s + members.value(0);
        for (const QString &name : below)
            uses[name].mounts.append({device, entry.point, permanent.contains(entry.point)});
    }
}

void noteSwaps(const BlockStack &stack, const QStringList &swaps, UsesByName &uses)
{
    for (const QString &swap : swaps) {
        const QString device = stack.nameOfPath(swap);
        const QStringList members =
            device.isEmpty() ? stack.membersUnder(swap) : QStringList{device};
        QSet<QString> below;
        for (const QString &member : members)
            below += stack.allBelow(member);
        for (const QString &name : below)
            uses[name].swaps.append(swap);
    }
}

/// Whether the running system works on a device that is used so.
bool isAtWork(const Uses &uses)
{
    return !uses.swaps.isEmpty() || std::ranges::any_of(uses.mounts, isOfSystem);
}

/// After mounts and swaps. Of devices with one name (a stick that carries a copy of the running system)
/// those that the system works on are meant; all of them when it works on none that can be seen.
void noteBootNames(const BlockStack &stack, const QList<BootName> &names, UsesByName &uses)
{
    for (const BootName &boot : names) {
        QStringList members = stack.membersNamed(boot);
        const auto works = [&uses](const QString &name) { return isAtWork(uses.value(name)); };
        if (std::ranges::any_of(members, works))
            members.removeIf(std::not_fn(works));
        QSet<QString> below;
        for (const QString &member : members)
            below += stack.allBelow(member);
        for (const QString &name : below)
            uses[name].bootNames.append(boot.word);
    }
}

void noteHolders(const BlockStack &stack, UsesByName &uses)
{
    for (const BlockNode &node : stack.nodes()) {
        if (!node.whole.isEmpty())
            continue; // a partition does not hold its drive
        for (const QString &name : stack.allBelow(node.name))
            if (name != node.name)
                uses[name].holders.append(node.name);
    }
}

DriveContent contentOf(const BlockNode &node, const Uses &uses)
{
    DriveContent content;
    content.path = node.path();
    content.size = smallFile(node.folder + u"/size"_s).toLongLong() * 512;
    content.fileSystem = node.udev.value("ID_FS_TYPE");
    content.label = node.udev.value("ID_FS_LABEL_ENC");
    if (content.label.isEmpty())
        content.label = node.udev.value("ID_PART_ENTRY_NAME");
    content.mounts = uses.mounts;
    content.holders = uses.holders;
    content.swaps = uses.swaps;
    content.bootNames = uses.bootNames;
    return content;
}

template<typename T>
void removeAll(QList<T> &list, const QList<T> &gone)
{
    list.removeIf([&gone](const T &value) { return gone.contains(value); });
}

/// The partitions, and in front of them what fills the drive itself, if anything does.
QList<DriveContent>
contentsOf(const BlockStack &stack, const BlockNode &whole, const UsesByName &uses)
{
    QList<DriveContent> parts;
    Uses own = uses.value(whole.name);
    for (const BlockNode &node : stack.nodes()) {
        if (node.whole != whole.name)
            continue;
        parts.append(contentOf(node, uses.value(node.name)));
        removeAll(own.mounts, parts.last().mounts);
        removeAll<QString>(own.holders, parts.last().holders);
        removeAll<QString>(own.swaps, parts.last().swaps);
        removeAll<QString>(own.bootNames, parts.last().bootNames);
    }
    const DriveContent self = contentOf(whole, own);
    const bool isUsed = !own.mounts.isEmpty() || !own.holders.isEmpty() || !own.swaps.isEmpty()
        || !own.bootNames.isEmpty();
    if (isUsed || !self.fileSystem.isEmpty())
        parts.prepend(self);
    return parts;
}

} // namespace

SysfsDrives::SysfsDrives(SystemRoots roots)
    : m_roots(std::move(roots))
{ }

QList<Drive> SysfsDrives::read(const QList<Drive> &before) const
{
    return drivesOf(BlockStack::read(m_roots), before);
}

QList<Drive> SysfsDrives::drivesOf(const BlockStack &stack, const QList<Drive> &before) const
{
    UsesByName uses;
    const QStringList permanent = permanentPointsOf(smallFile(m_roots.etc + u"/fstab"_s));
    noteMounts(stack, withoutLinks(permanent, stack.mounts()), uses);
    noteSwaps(stack, swapsOf(smallFile(m_roots.proc + u"/swaps"_s)), uses);
    noteBootNames(stack, bootNamesOf(smallFile(m_roots.proc + u"/cmdline"_s)), uses);
    noteHolders(stack, uses);
    QList<Drive> drives;
    for (const BlockNode &node : stack.nodes()) {
        if (!isDrive(node))
            continue;
        Drive drive = driveHardware(node);
        drive.contents = contentsOf(stack, node, uses);
        drives.append(drive);
    }
    makeIdsUnique(drives, before);
    return drives;
}

std::optional<Drive> SysfsDrives::driveWithDevnum(const QByteArray &devnum) const
{
    const BlockStack stack = BlockStack::read(m_roots);
    const QString path = u"/dev/"_s + stack.nameOfDevnum(devnum);
    for (const Drive &drive : drivesOf(stack))
        if (drive.path == path)
            return drive;
    return std::nullopt;
}

QList<DriveIdentity> SysfsDrives::drivesHolding(const QString &path) const
{
    const BlockStack stack = BlockStack::read(m_roots);
    const QString real = QFileInfo(path).canonicalFilePath();
    QSet<QString> below;
    for (const QString &member : stack.membersUnder(real.isEmpty() ? path : real))
        below += stack.allBelow(member);
    QList<DriveIdentity> holding;
    for (const Drive &drive : drivesOf(stack))
        if (below.contains(drive.path.mid(5)))
            holding.append(drive.identity());
    return holding;
}

QStringList SysfsDrives::usersOf(const QString &point) const
{
    return programsUsing(point, m_roots.proc);
}

QString SysfsDrives::mountTablePath() const
{
    return m_roots.proc + u"/self/mountinfo"_s;
}

} // namespace core
