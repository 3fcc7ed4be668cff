#include "core/jobfiles.h"

#include "core/base/files.h"

#include <QFile>
#include <QFileInfo>

#include <unistd.h>

#include <cerrno>

namespace core {

JobFiles::JobFiles(WorkerFactory makeWorker, QObject *parent)
    : QObject(parent)
    , m_makeWorker(std::move(makeWorker))
{ }

JobFiles::~JobFiles() = default;

void JobFiles::cleanUp(const JobSnapshot &job, Cleanup cleanup, std::function<void()> done)
{
    auto made = m_makeWorker(job);
    if (!made)
        return done(); // a job that cannot be made left nothing
    const std::shared_ptr<JobWorker> worker = std::move(*made);
    m_threads.start([this, worker, cleanup, done = std::move(done)] {
        (worker.get()->*cleanup)();
        QMetaObject::invokeMethod(this, done, Qt::QueuedConnection);
    });
}

void JobFiles::look(const QStringList &paths,
                    std::function<void(const QSet<QString> &there)> answer)
{
    if (paths.isEmpty())
        return answer({});
    m_threads.start([this, paths, answer = std::move(answer)] {
        QSet<QString> there;
        for (const QString &path : paths)
            if (QFileInfo::exists(path))
                there.insert(path);
        QMetaObject::invokeMethod(this, [there, answer] { answer(there); });
    });
}

void JobFiles::deleteFile(const QString &path, Deleted answer)
{
    m_threads.start([this, path, answer = std::move(answer)] {
        const bool isGone = ::unlink(QFile::encodeName(path).constData()) == 0 || errno == ENOENT;
        const Result<void> deleted = isGone ? Result<void>() : fail(fileError(errno, path));
        QMetaObject::invokeMethod(this, [deleted, answer] { answer(deleted); });
    });
}

} // namespace core
