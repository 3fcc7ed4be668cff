#include "core/download/landing.h"

#include "core/base/logging.h"
#include "core/download/filename.h"
#include "core/download/rangeplanner.h"

#include <QDir>
#include <QFileInfo>

#include <dirent.h>

#include <cerrno>
#include <cstdio>
#include <memory>

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr QLatin1StringView JournalEnding(".part.journal");
constexpr int MaxNumber = 9999;

/// Also true for a dangling link: its name is taken.
bool isTaken(const QString &path)
{
    const QFileInfo file(path);
    return file.exists() || file.isSymLink();
}

/// Whether a finished file may not be put at `path`.
bool isInTheWay(const QString &path, Landing::Naming naming)
{
    const QFileInfo file(path);
    const bool isPlain = file.isFile() && !file.isSymLink();
    return isTaken(path) && !(naming == Landing::Naming::Replacing && isPlain);
}

QString numberedPath(const QString &path, int number)
{
    const QFileInfo file(path);
    return file.dir().filePath(numberedName(file.fileName(), number));
}

/// The part goes last and is locked until then, so that nobody takes the name whose journal would go with it;
/// it is empty by then: if the program dies in between, anyone may take it over.
void removeBoth(const QString &target)
{
    const auto part = PartFile::open(target); // fails when whoever calls has it open
    if (part && !part->truncate(0))
        qCWarning(lcDownload) << "cannot cut" << part->path();
    QFile::remove(journalPathFor(target));
    QFile::remove(journalPathFor(target) + ".tmp"_L1);
    QFile::remove(PartFile::pathFor(target));
}

struct Found {
    QString target;
    JournalRecord record;
};

/// The names of all journals in `folder`. Reads names only: a folder may hold very many other files,
/// and QDir would ask the system about each of them.
QStringList journalNames(const QString &folder)
{
    QStringList names;
    const std::unique_ptr<DIR, int (*)(DIR *)> dir(::opendir(QFile::encodeName(folder).constData()),
                                                   &::closedir);
    while (const dirent *entry = dir ? ::readdir(dir.get()) : nullptr)
        if (QByteArrayView(entry->d_name).endsWith(JournalEnding.data()))
            names.append(QFile::decodeName(entry->d_name));
    return names;
}

/// The journals in `folder` that carry `jobKey`.
QList<Found> journalsOf(const QString &folder, const QString &jobKey)
{
    QList<Found> found;
    for (const QString &name : journalNames(folder)) {
        const QString path = QDir(folder).filePath(name);
        if (QFileInfo(path).isSymLink())
            continue;
        const auto record = readJournal(path);
        if (record && record->jobKey == jobKey)
            found.append({path.chopped(JournalEnding.size()), *record});
    }
    return found;
}

} // namespace

Result<std::optional<Landing>> Landing::find(const QString &folder, const QString &jobKey)
{
    for (const Found &found : journalsOf(folder, jobKey)) {
        auto landing = adopt(found.target, found.record);
        if (!landing || *landing)
            return landing;
    }
    return std::optional<Landing>();
}

Result<std::optional<Landing>> Landing::adopt(const QString &target, const JournalRecord &record)
{
    auto part = PartFile::open(target);
    if (part && record.standing != JournalRecord::Standing::Void)
        return withProvenBytes(target, record, std::move(*part));
    if (!part && QFileInfo::exists(PartFile::pathFor(target)))
        return fail(part.error());
    const QFileInfo finished(record.finalTarget);
    // It lies beside its journal, or somebody else wrote that.
    const bool isRenamed = !part && record.isComplete()
        && finished.path() == QFileInfo(target).path() && finished.isFile()
        && finished.size() == record.identity.size;
    if (isRenamed)
        return std::optional(Landing(target, record, std::nullopt));
    removeBoth(target);
    return std::optional<Landing>();
}

/// Someone may have cut the part or written to it, or the disk lost what it had promised: bytes that
/// the journal proves and the file lacks are not there.
Result<std::optional<Landing>>
Landing::withProvenBytes(const QString &target, JournalRecord record, PartFile part)
{
    const auto size = part.size();
    if (!size)
        return fail(size.error());
    record.done.remove({*size, RangePlanner::UnknownSize});
    const auto proven = provenRanges(part, record.done, record.frontiers);
    if (!proven)
        return fail(proven.error());
    record.done = *proven;
    return std::optional(Landing(target, std::move(record), std::move(part)));
}

Result<Landing> Landing::claim(const QString &folder,
                               const QString &name,
                               Naming naming,
                               const JournalRecord &record)
{
    const QString first = QDir(folder).filePath(name);
    for (int number = 0; number <= MaxNumber; ++number) {
        auto landing = claimTarget(numberedPath(first, number), naming, record);
        const bool isTakenByOther = !landing && landing.error().code == ErrorCode::FileExists;
        if (naming != Naming::Derived || !isTakenByOther)
            return landing;
    }
    return fail(ErrorCode::FileExists, first);
}

Result<Landing>
Landing::claimTarget(const QString &target, Naming naming, const JournalRecord &record)
{
    if (isInTheWay(target, naming))
        return fail(ErrorCode::FileExists, u"%1 exists"_s.arg(target));
    auto part = takePart(target);
    if (!part)
        return fail(part.error());
    if (const auto written = writeJournal(journalPathFor(target), record); !written) {
        removeBoth(target);
        return fail(written.error());
    }
    return Landing(target, record, std::move(*part));
}

/// A part file of our own. One that is empty and has no journal belongs to whoever locks it.
Result<PartFile> Landing::takePart(const QString &target)
{
    auto made = PartFile::create(target);
    if (made || made.error().code != ErrorCode::FileExists || isTaken(journalPathFor(target)))
        return made;
    auto orphan = PartFile::open(target);
    if (orphan && orphan->size() == Result<qint64>(0))
        return orphan;
    return made;
}

void Landing::conclude(const QString &folder, const QString &jobKey, const QString &target)
{
    // Nearly always the file got the name its part was made for, and nothing has to be looked for.
    const QString usual = journalPathFor(target);
    const auto record = readJournal(usual);
    if (record && record->jobKey == jobKey && !QFileInfo::exists(PartFile::pathFor(target))) {
        QFile::remove(usual);
        return;
    }
    for (const Found &found : journalsOf(folder, jobKey))
        if (!QFileInfo::exists(PartFile::pathFor(found.target)))
            QFile::remove(journalPathFor(found.target));
}

void Landing::discard(const QString &folder, const QString &jobKey)
{
    for (const Found &found : journalsOf(folder, jobKey))
        removeBoth(found.target);
}

Result<QString> Landing::replaceTarget(JournalRecord record) const
{
    if (isInTheWay(m_target, Naming::Replacing))
        return fail(ErrorCode::FileExists, u"%1 is not a plain file"_s.arg(m_target));
    record.finalTarget = m_target;
    if (const auto written = writeJournal(journalPath(), record); !written)
        return fail(written.error());
    if (::rename(QFile::encodeName(m_part->path()).constData(),
                 QFile::encodeName(m_target).constData())
        != 0)
        return fail(fileError(errno, m_target));
    if (const auto synced = syncFolder(QFileInfo(m_target).path()); !synced)
        return fail(synced.error());
    return m_target;
}

Result<QString> Landing::moveToTarget(JournalRecord record, Naming naming) const
{
    if (naming == Naming::Replacing)
        return replaceTarget(std::move(record));
    for (int number = 0; number <= MaxNumber; ++number) {
        record.finalTarget = numberedPath(m_target, number);
        if (isTaken(record.finalTarget))
            continue;
        if (const auto written = writeJournal(journalPath(), record); !written)
            return fail(written.error());
        const auto renamed = renameNoReplace(m_part->path(), record.finalTarget);
        if (!renamed && renamed.error().code == ErrorCode::FileExists)
            continue;
        if (!renamed)
            return fail(renamed.error());
        if (const auto synced = syncFolder(QFileInfo(m_target).path()); !synced)
            return fail(synced.error());
        return record.finalTarget;
    }
    return fail(ErrorCode::FileExists, m_target);
}

Result<QString> Landing::keepAside() const
{
    for (int number = 0; number <= MaxNumber; ++number) {
        const QString aside = numberedPath(m_target + ".bad"_L1, number);
        const auto renamed = renameNoReplace(m_part->path(), aside);
        if (!renamed && renamed.error().code == ErrorCode::FileExists)
            continue;
        if (!renamed)
            return fail(renamed.error());
        removeJournal();
        return aside;
    }
    return fail(ErrorCode::FileExists, m_target);
}

void Landing::removeJournal() const
{
    if (!QFile::remove(journalPath()))
        qCWarning(lcDownload) << "cannot remove" << journalPath();
}

} // namespace core
