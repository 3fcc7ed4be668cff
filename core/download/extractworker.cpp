#include "core/download/extractworker.h"

#include "core/base/files.h"
#include "core/download/archiveentry.h"
#include "core/download/archivereader.h"
#include "core/download/archivewriter.h"
#include "core/download/filename.h"
#include "core/download/freename.h"

#include <QDir>
#include <QFileInfo>

#include <cerrno>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// The one folder that is all there is in `folder`; empty when there is more, or something else.
QString onlyFolderIn(const QString &folder)
{
    const QFileInfoList found = QDir(folder).entryInfoList(QDir::AllEntries | QDir::Hidden
                                                           | QDir::System | QDir::NoDotAndDotDot);
    const bool isOne = found.size() == 1 && found[0].isDir() && !found[0].isSymLink();
    return isOne ? found[0].filePath() : QString();
}

} // namespace

ExtractWorker::ExtractWorker(ExtractSpec spec, const QString &jobKey, UnpackBudget::Limits limits)
    : m_spec(std::move(spec))
    , m_staging(QDir(m_spec.to).filePath(u".extracting-"_s + jobKey))
    , m_limits(limits)
{ }

Result<Outcome> ExtractWorker::run(std::stop_token stop, ProgressCell &progress)
{
    progress.enter(Stage::Extracting);
    progress.setTotal(QFileInfo(m_spec.archive).size());
    if (progress.read().done > 0)
        progress.beginAgain();
    discard();
    if (!QDir().mkpath(m_staging))
        return fail(fileError(errno, m_staging));
    const auto unpacked = unpack(stop, progress);
    if (!unpacked || *unpacked == Outcome::Stopped) {
        discard();
        return unpacked;
    }
    progress.enter(Stage::Moving);
    const auto path = place();
    discard(); // what is left of it when a folder inside became the result
    if (!path)
        return fail(path.error());
    progress.edit([&path](JobDetails &details) { details.target = *path; });
    return Outcome::Completed;
}

Result<Outcome> ExtractWorker::unpack(const std::stop_token &stop, ProgressCell &progress) const
{
    auto reader = ArchiveReader::open(m_spec.archive);
    if (!reader)
        return fail(reader.error());
    ArchiveWriter writer(m_staging);
    UnpackBudget budget(m_staging, m_limits);
    while (true) {
        const auto entry = reader->next();
        if (!entry)
            return fail(entry.error());
        if (!*entry)
            break;
        if (const auto taken = budget.takeEntry(); !taken)
            return fail(taken.error());
        if (const auto begun = writer.begin(*entry); !begun)
            return fail(begun.error());
        for (Result<bool> more = true; more && *more;) {
            if (stop.stop_requested())
                return Outcome::Stopped;
            const qint64 before = reader->copied();
            more = writer.copyBlock(*reader);
            progress.setDone(reader->position());
            if (!more)
                return fail(more.error());
            if (const auto taken = budget.takeBytes(reader->copied() - before); !taken)
                return fail(taken.error());
        }
        if (const auto finished = writer.finishEntry(); !finished)
            return fail(finished.error());
    }
    if (const auto closed = writer.close(); !closed)
        return fail(closed.error());
    progress.setDone(QFileInfo(m_spec.archive).size());
    return Outcome::Completed;
}

Result<QString> ExtractWorker::place() const
{
    const QString only = onlyFolderIn(m_staging);
    const QString from = only.isEmpty() ? m_staging : only;
    const QString name = only.isEmpty() ? unpackedName(QFileInfo(m_spec.archive).fileName())
                                        : QFileInfo(only).fileName();
    if (const auto synced = syncFileSystem(m_staging); !synced)
        return fail(synced.error());
    auto path = renameToFreeName(from, QDir(m_spec.to).filePath(safeFileName(name)));
    if (!path)
        return path;
    if (const auto synced = syncFolder(m_spec.to); !synced)
        return fail(synced.error());
    return path;
}

void ExtractWorker::discard()
{
    // Folders without write permission would keep their content.
    QDir staging(m_staging);
    if (staging.exists())
        staging.removeRecursively();
}

} // namespace core
