#include "core/drives/blockstack.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace core {

using namespace Qt::StringLiterals;

namespace {

QStringList namesIn(const QString &folder)
{
    return QDir(folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::Hidden, QDir::Name);
}

bool isBlockDevice(const QString &folder)
{
    return QFile::exists(folder + u"/dev"_s) && QFile::exists(folder + u"/size"_s);
}

QString deviceName(const QString &folder)
{
    // Slashes in device names are exclamation marks in sysfs (cciss!c0d0).
    return QFileInfo(folder).fileName().replace(u'!', u'/');
}

} // namespace

QByteArray smallFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
}

QString BlockNode::path() const
{
    return u"/dev/"_s + name;
}

BlockStack BlockStack::read(const SystemRoots &roots)
{
    BlockStack stack;
    stack.m_mounts = mountsOf(smallFile(roots.proc + u"/self/mountinfo"_s));
    const QString block = roots.sys + u"/block/"_s;
    for (const QString &entry : namesIn(block))
        stack.addWhole(QFileInfo(block + entry).canonicalFilePath(), roots);
    stack.readBtrfs(roots.sys + u"/fs/btrfs/"_s);
    stack.putLoopsOnTheirFiles();
    return stack;
}

void BlockStack::addWhole(const QString &folder, const SystemRoots &roots)
{
    if (folder.isEmpty() || !isBlockDevice(folder))
        return;
    const BlockNode whole = nodeAt(folder, roots);
    m_nodes.insert(whole.name, whole);
    for (const QString &entry : namesIn(folder)) {
        const QString part = folder + u'/' + entry;
        if (!QFile::exists(part + u"/partition"_s))
            continue;
        BlockNode node = nodeAt(part, roots);
        node.whole = whole.name;
        node.below.append(whole.name);
        m_nodes.insert(node.name, node);
    }
}

BlockNode BlockStack::nodeAt(const QString &folder, const SystemRoots &roots) const
{
    BlockNode node;
    node.name = deviceName(folder);
    node.folder = folder;
    node.devnum = smallFile(folder + u"/dev"_s);
    for (const QString &entry : namesIn(folder + u"/slaves"_s))
        node.below.append(deviceName(entry));
    node.alias = QString::fromUtf8(smallFile(folder + u"/dm/name"_s));
    node.backingFile = QString::fromUtf8(smallFile(folder + u"/loop/backing_file"_s));
    node.udev = UdevRecord(smallFile(roots.udev + u"/b"_s + QString::fromLatin1(node.devnum)));
    return node;
}

void BlockStack::readBtrfs(const QString &folder)
{
    for (const QString &uuid : namesIn(folder)) {
        QStringList members;
        for (const QString &entry : namesIn(folder + uuid + u"/devices"_s))
            members.append(deviceName(entry));
        if (!members.isEmpty())
            m_btrfs.append(members);
    }
}

void BlockStack::putLoopsOnTheirFiles()
{
    for (BlockNode &node : m_nodes) {
        if (node.backingFile.isEmpty())
            continue;
        const QString device = nameOfPath(node.backingFile);
        node.below += device.isEmpty() ? membersUnder(node.backingFile) : QStringList{device};
    }
}

QSet<QString> BlockStack::allBelow(const QString &name) const
{
    QSet<QString> seen;
    QStringList toVisit{name};
    while (!toVisit.isEmpty()) {
        const QString current = toVisit.takeLast();
        if (seen.contains(current))
            continue;
        seen.insert(current);
        toVisit += m_nodes.value(current).below;
    }
    return seen;
}

QStringList BlockStack::membersOf(const MountEntry &mount) const
{
    if (mount.fileSystem == "zfs"_L1)
        return zfsMembers(mount.source.section(u'/', 0, 0));
    QStringList members;
    // bcachefs names all its members: /dev/sda1:/dev/sdb1
    for (const QString &source : mount.source.split(u':'))
        if (const QString name = nameOfPath(source); !name.isEmpty())
            members.append(name);
    if (const QString name = nameOfDevnum(mount.devnum); !name.isEmpty())
        members.append(name);
    if (mount.fileSystem == "btrfs"_L1)
        members += btrfsMembers(members.value(0));
    members.removeDuplicates();
    return members;
}

QStringList BlockStack::membersUnder(const QString &path) const
{
    const MountEntry *mount = mountHolding(m_mounts, path);
    return mount ? membersOf(*mount) : QStringList();
}

QStringList BlockStack::btrfsMembers(const QString &member) const
{
    QStringList all;
    for (const QStringList &members : m_btrfs) {
        if (members.contains(member))
            return members;
        all += members;
    }
    // A source that means no device (a UUID, a path in another namespace): any of them may be it.
    return all;
}

QStringList BlockStack::zfsMembers(const QString &pool) const
{
    QStringList result;
    for (const BlockNode &node : m_nodes)
        if (node.udev.value("ID_FS_TYPE") == "zfs_member"_L1
            && (node.udev.value("ID_FS_LABEL") == pool || node.udev.value("ID_FS_LABEL").isEmpty()))
            result.append(node.name);
    return result;
}

QString BlockStack::nameOfPath(const QString &path) const
{
    if (!path.startsWith("/dev/"_L1))
        return {};
    if (const QString name = path.mid(5); m_nodes.contains(name))
        return name;
    for (const BlockNode &node : m_nodes)
        if (!node.alias.isEmpty() && path == "/dev/mapper/"_L1 + node.alias)
            return node.name;
    const QString name = QFileInfo(path).canonicalFilePath().mid(5);
    return m_nodes.contains(name) ? name : QString();
}

QStringList BlockStack::membersNamed(const BootName &boot) const
{
    QStringList names;
    switch (boot.kind) {
    case BootName::Kind::Path:
        names = {nameOfPath(boot.value)};
        break;
    case BootName::Kind::Number:
        names = {nameOfDevnum(boot.value.toLatin1())};
        break;
    case BootName::Kind::Uuid:
        names = namesWith("ID_FS_UUID", boot.value);
        break;
    case BootName::Kind::Label:
        names = namesWith("ID_FS_LABEL_ENC", boot.value);
        break;
    case BootName::Kind::PartUuid:
        names = namesWith("ID_PART_ENTRY_UUID", boot.value);
        break;
    case BootName::Kind::PartLabel:
        names = namesWith("ID_PART_ENTRY_NAME", boot.value);
        break;
    }
    names.removeAll(QString());
    return names;
}

QStringList BlockStack::namesWith(const QByteArray &key, const QString &value) const
{
    QStringList names;
    for (const BlockNode &node : m_nodes) // udev writes some UUIDs in capitals, and people others
        if (node.udev.value(key).compare(value, Qt::CaseInsensitive) == 0)
            names.append(node.name);
    return names;
}

QString BlockStack::nameOfDevnum(const QByteArray &devnum) const
{
    for (const BlockNode &node : m_nodes)
        if (node.devnum == devnum)
            return node.name;
    return {};
}

} // namespace core
