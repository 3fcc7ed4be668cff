#include "core/store/storethread.h"

#include "core/base/logging.h"
#include "core/store/database.h"

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>

namespace core {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

struct Queued {
    quint64 ticket = 0;
    StoreThread::Work work;
};
struct Written {
    quint64 ticket = 0;
    Result<void> result;
};

Result<void> runAll(Database &database, const std::deque<Queued> &group)
{
    for (const Queued &queued : group)
        if (const auto done = queued.work(database); !done)
            return done;
    return {};
}

Result<void> commitAlone(Database &database, const Queued &queued)
{
    return database.inTransaction([&] { return queued.work(database); });
}

QList<Written> commitGroup(Database &database, const std::deque<Queued> &group)
{
    const auto together = database.inTransaction([&] { return runAll(database, group); });
    const bool isDecided = together.has_value() || group.size() == 1;
    QList<Written> written;
    written.reserve(qsizetype(group.size()));
    for (const Queued &queued : group)
        written.append({queued.ticket, isDecided ? together : commitAlone(database, queued)});
    return written;
}

Result<void> closedError()
{
    return fail(ErrorCode::StoreFailed, u"the store is closed"_s);
}

} // namespace

/// What both threads touch. Threads: everything under the mutex.
struct StoreThread::Shared {
    enum class State { Idle, Open, Closing, Ended };

    std::mutex mutex;
    std::condition_variable changed;
    State state = State::Idle;
    std::deque<Queued> queue;
    QList<Written> written; // not yet answered
    StoreThread *receiver = nullptr; // null when nobody wants answers any more

    /// Answers from here; signals once for however many there are. Needs the mutex.
    void answer(const QList<Written> &more)
    {
        if (written.isEmpty() && receiver)
            emit receiver->answersReady({});
        written += more;
        changed.notify_all();
    }
    /// The next group; empty when the store closes and everything is written.
    std::deque<Queued> next()
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return !queue.empty() || state != State::Open; });
        return std::exchange(queue, {});
    }
    void writeUntilClosed(Database &database)
    {
        for (auto group = next(); !group.empty(); group = next()) {
            const QList<Written> results = commitGroup(database, group);
            const std::lock_guard lock(mutex);
            answer(results);
        }
    }
    void enter(State entered)
    {
        const std::lock_guard lock(mutex);
        state = entered;
        changed.notify_all();
    }
};

StoreThread::StoreThread(const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_shared(std::make_shared<Shared>())
{
    m_shared->receiver = this;
    connect(this, &StoreThread::answersReady, this, &StoreThread::deliver, Qt::QueuedConnection);
}

StoreThread::~StoreThread()
{
    if (!close(5s))
        qCWarning(lcStore) << "the store thread hangs and is left behind";
    const std::lock_guard lock(m_shared->mutex);
    m_shared->receiver = nullptr;
}

Result<StoreThread::Opened> StoreThread::open(const QString &path,
                                              std::span<const Migration> migrations)
{
    Q_ASSERT(!m_thread.joinable());
    std::promise<Result<Opened>> promise;
    auto opened = promise.get_future();
    m_thread = std::thread([shared = m_shared, path, migrations, now = m_clock.wallTime(),
                            answer = std::move(promise)]() mutable {
        auto database = Database::open(path, migrations, now);
        if (!database) {
            answer.set_value(fail(database.error()));
            return;
        }
        shared->enter(Shared::State::Open);
        answer.set_value(Opened{database->damagedPath});
        shared->writeUntilClosed(*database->database);
        database->database.reset();
        shared->enter(Shared::State::Ended);
    });
    Result<Opened> result = opened.get();
    if (!result)
        m_thread.join();
    return result;
}

void StoreThread::write(Work work, QObject *context, Done done)
{
    write(QList<Item>{{std::move(work), std::move(done)}}, context);
}

void StoreThread::write(QList<Item> items, QObject *context)
{
    const std::lock_guard lock(m_shared->mutex);
    const bool isOpen = m_shared->state == Shared::State::Open;
    for (Item &item : items) {
        const quint64 ticket = ++m_lastTicket;
        if (item.done)
            m_answers.insert(ticket, {context, std::move(item.done)});
        if (isOpen)
            m_shared->queue.push_back({ticket, std::move(item.work)});
        else
            m_shared->answer({{ticket, closedError()}});
    }
    m_shared->changed.notify_all();
}

Result<void> StoreThread::runNow(Work work)
{
    std::promise<Result<void>> promise;
    std::unique_lock lock(m_shared->mutex);
    if (m_shared->state != Shared::State::Open)
        return closedError();
    const quint64 ticket = ++m_lastTicket;
    m_shared->queue.push_back({ticket, std::move(work)});
    m_shared->changed.notify_all();
    const auto isMine = [ticket](const Written &written) { return written.ticket == ticket; };
    QList<Written> &all = m_shared->written;
    const auto mine = [&] { return std::find_if(all.begin(), all.end(), isMine); };
    m_shared->changed.wait(lock, [&] { return mine() != all.end(); });
    return all.takeAt(mine() - all.begin()).result;
}

bool StoreThread::close(Milliseconds timeout)
{
    if (!m_thread.joinable())
        return true;
    emit closing();
    std::unique_lock lock(m_shared->mutex);
    m_shared->state = Shared::State::Closing;
    m_shared->changed.notify_all();
    const bool hasEnded = m_shared->changed.wait_for(
        lock, timeout, [this] { return m_shared->state == Shared::State::Ended; });
    lock.unlock();
    if (hasEnded)
        m_thread.join();
    else
        m_thread.detach();
    deliver();
    for (const Answer &answer : std::exchange(m_answers, {}))
        if (answer.context)
            answer.done(fail(ErrorCode::Timeout, u"the disk did not answer before the end"_s));
    return hasEnded;
}

void StoreThread::deliver()
{
    QList<Written> written;
    {
        const std::lock_guard lock(m_shared->mutex);
        written = std::exchange(m_shared->written, {});
    }
    for (const Written &one : std::as_const(written)) {
        const Answer answer = m_answers.take(one.ticket);
        if (answer.context && answer.done)
            answer.done(one.result);
    }
}

} // namespace core
