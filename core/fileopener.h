#pragma once
#include "core/base/clock.h"
#include "core/base/openfile.h"
#include "core/jobs/jobthreads.h"

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <functional>
#include <map>

namespace core {

/// Opens files away from the hub thread: a disk that sleeps or a mount that is dead holds up who asks for
/// its files, and nobody else.
///
///   open() ─► its turn? ─► a thread opens ─► answer on the hub thread
/// At most PerFolder files of one folder are opened at a time, and at most AtOnce in all: so many threads a
/// dead mount holds and no more, and files elsewhere have their turn until AtOnce / PerFolder folders hang.
/// What is not open after Patience fails with `Timeout`, whether its turn came or not; its thread counts
/// until the system lets it go. Who is gone before the answer gets none, and no turn.
/// Threads: lives on the hub thread. Nothing here ever waits for a thread, the destructor neither.
class FileOpener final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FileOpener)
public:
    static constexpr int PerFolder = 4;
    static constexpr int AtOnce = 64;
    static constexpr std::chrono::seconds Patience{30};

    /// Runs on a thread of its own.
    using Open = std::function<Result<OpenFile>()>;
    using Answer = std::function<void(Result<OpenFile>)>;

    explicit FileOpener(const Clock &clock, QObject *parent = nullptr);
    ~FileOpener() override;

    /// `folder` is the one of the file, as text. Answers once, later, while `asker` is there.
    void open(const QString &folder, Open open, QObject &asker, Answer answer);
    /// Answers those whose patience is over. Called by a timer while anybody waits.
    void refuseOverdue();

private:
    struct Shared;
    struct Ask {
        QString folder;
        Open open; // empty once a thread has it
        QPointer<QObject> asker;
        Answer answer;
        Milliseconds askedAt{0}; // monotonic
    };

    void begin();
    void start(qint64 id, Ask &ask);
    void takeOpened();
    void answer(qint64 id, Result<OpenFile> opened);

    const Clock &m_clock;
    std::map<qint64, Ask> m_asks; // in order; not answered yet
    qint64 m_lastId = 0;
    QHash<QString, int> m_opening; // threads by folder
    int m_threadsAtWork = 0;
    QTimer m_timer;
    std::shared_ptr<Shared> m_shared; // outlives us in a thread that hangs
    JobThreads m_threads;
};

} // namespace core
