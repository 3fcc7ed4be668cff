#include "core/download/moveworker.h"

#include "core/base/files.h"
#include "core/base/logging.h"
#include "core/download/filecopy.h"
#include "core/download/filedigest.h"
#include "core/download/freename.h"
#include "core/download/moverecord.h"

#include <QDir>
#include <QFileInfo>

#include <unistd.h>

#include <cerrno>

namespace core {

using namespace Qt::StringLiterals;

namespace {

Result<void> removeFile(const QString &path)
{
    if (::unlink(QFile::encodeName(path).constData()) == 0 || errno == ENOENT)
        return {};
    return fail(fileError(errno, path));
}

bool isSameFolder(const QString &a, const QString &b)
{
    const QString canonical = QFileInfo(a).canonicalFilePath();
    return !canonical.isEmpty() && canonical == QFileInfo(b).canonicalFilePath();
}

} // namespace

MoveWorker::MoveWorker(MoveSpec spec, const QString &jobKey)
    : m_spec(std::move(spec))
    , m_part(QDir(m_spec.to).filePath(u".moving-"_s + jobKey))
    , m_record(m_part + ".record"_L1)
{ }

Result<Outcome> MoveWorker::run(std::stop_token stop, ProgressCell &progress)
{
    m_stop = std::move(stop);
    m_progress = &progress;
    progress.enter(Stage::Moving);
    if (progress.read().done > 0)
        progress.beginAgain();
    if (const QString path = placedBefore(); !path.isEmpty())
        return finish(path);
    if (m_stop.stop_requested())
        return Outcome::Stopped;
    const auto path = move();
    if (path && !path->isEmpty())
        return finish(*path);
    discard();
    if (!path)
        return fail(path.error());
    return Outcome::Stopped;
}

/// Where the file lies afterwards; empty when it was stopped.
Result<QString> MoveWorker::move()
{
    const auto file = stampOf(m_spec.file);
    if (!file)
        return fail(ErrorCode::NotFound, u"%1 is not there"_s.arg(m_spec.file));
    m_progress->setTotal(file->bytes);
    if (isSameFolder(QFileInfo(m_spec.file).path(), m_spec.to))
        return m_spec.file;
    if (const auto prepared = prepare(); !prepared)
        return fail(prepared.error());
    const auto renamed = place(m_spec.file, m_spec.sha256);
    if (renamed || renamed.error().code == ErrorCode::FileExists)
        return renamed;
    return copy(); // says why, if it was not for another file system
}

/// What can be known to fail does so before bytes are copied.
Result<void> MoveWorker::prepare() const
{
    for (const QString &folder : {QFileInfo(m_spec.file).path(), m_spec.to})
        if (const auto made = makeFolder(folder); !made)
            return made;
    for (const QString &left : {m_part, m_record})
        if (const auto removed = removeFile(left); !removed)
            return removed;
    return {};
}

/// Where an earlier run put the file, empty when it did not; what it left half done is done then.
QString MoveWorker::placedBefore() const
{
    const auto record = readMoveRecord(m_record);
    if (!record)
        return {};
    const auto file = stampOf(m_spec.file);
    const auto placed = stampOf(record->path);
    const bool isOurs = placed == record->placed;
    if (file && !isOurs)
        return {}; // it never came to the rename
    // Another file that has the old name since then is not the job's, and what was moved may be the only
    // copy: neither is touched.
    if (file && file == record->source)
        if (const auto removed = removeFile(m_spec.file); !removed)
            qCWarning(lcDownload) << "the original stays:" << removed.error().context;
    if (isOurs)
        return record->path;
    // Stamps differ after some file systems were mounted anew (FAT, network).
    const bool isSame = placed && placed->bytes == record->placed.bytes && !record->sha256.isEmpty()
        && fileDigest(record->path, m_stop) == Result<QString>(record->sha256);
    return isSame ? record->path : QString();
}

/// Gives `from` its name in the folder, which is recorded before and durable afterwards.
Result<QString> MoveWorker::place(const QString &from, const QString &sha256) const
{
    const auto source = stampOf(m_spec.file);
    const auto placed = stampOf(from);
    if (!source || !placed)
        return fail(ErrorCode::NotFound, u"%1 is not there"_s.arg(m_spec.file));
    const auto announce = [&](const QString &path) {
        return writeMoveRecord(m_record, {path, *source, *placed, sha256});
    };
    const QString name = QFileInfo(m_spec.file).fileName();
    auto path = renameToFreeName(from, QDir(m_spec.to).filePath(name), announce);
    if (!path)
        return path;
    if (const auto synced = syncFolder(m_spec.to); !synced)
        return fail(synced.error());
    return path;
}

Result<QString> MoveWorker::copy()
{
    if (const auto removed = removeFile(m_record); !removed)
        return fail(removed.error());
    const auto before = stampOf(m_spec.file);
    const auto digest = copyDurably(m_spec.file, m_part, m_stop,
                                    [this](qint64 bytes) { m_progress->setDone(bytes); });
    if (!digest || digest->isEmpty())
        return digest;
    if (!m_spec.sha256.isEmpty() && *digest != m_spec.sha256)
        return fail(ErrorCode::ChecksumMismatch,
                    u"%1 has the SHA-256 %2; it had %3 when it was downloaded"_s.arg(
                        m_spec.file, *digest, m_spec.sha256));
    if (stampOf(m_spec.file) != before)
        return fail(ErrorCode::Busy, u"%1 changed while it was copied"_s.arg(m_spec.file));
    const auto path = place(m_part, *digest);
    if (!path)
        return path;
    if (const auto removed = removeFile(m_spec.file); !removed)
        return fail(removed.error());
    return path;
}

Outcome MoveWorker::finish(const QString &path)
{
    const QString folder = QFileInfo(m_spec.file).path();
    // If the power fails the original may be there again, beside the result.
    if (const auto synced = syncFolder(folder); !synced)
        qCWarning(lcDownload) << "cannot sync" << folder << synced.error().context;
    m_progress->setTotal(QFileInfo(path).size());
    m_progress->setDone(m_progress->read().total);
    m_progress->edit([&](JobDetails &details) {
        details.target = path;
        details.movedFrom = m_spec.file;
    });
    return Outcome::Completed;
}

/// The original is where it was and nothing else is left, or else its only copy stays.
void MoveWorker::discard()
{
    (void)removeFile(m_part);
    const auto record = readMoveRecord(m_record);
    const bool isOurs = record && stampOf(record->path) == record->placed;
    const auto file = stampOf(m_spec.file);
    const bool isOriginal = file && record && file == record->source;
    if (isOurs && isOriginal)
        (void)removeFile(record->path);
    const auto isBack =
        isOurs && !isOriginal ? renameNoReplace(record->path, m_spec.file) : Result<void>();
    if (isBack)
        (void)removeFile(m_record);
    else
        qCWarning(lcDownload) << record->path << "cannot go back:" << isBack.error().context;
}

void MoveWorker::conclude()
{
    (void)removeFile(m_record);
}

} // namespace core
