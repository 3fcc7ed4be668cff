#include "core/fileopener.h"

#include <mutex>
#include <utility>
#include <vector>

namespace core {

using namespace Qt::StringLiterals;

namespace {

struct Opened {
    qint64 id = 0;
    QString folder;
    Result<OpenFile> file;
};

constexpr std::chrono::seconds LookInterval{5};

} // namespace

/// What the threads touch, under the mutex.
struct FileOpener::Shared {
    std::mutex mutex;
    FileOpener *receiver = nullptr; // null when nobody wants the files any more
    std::vector<Opened> opened;

    void tell(Opened file)
    {
        const std::lock_guard lock(mutex);
        if (!receiver)
            return;
        opened.push_back(std::move(file));
        if (opened.size() == 1)
            QMetaObject::invokeMethod(receiver, &FileOpener::takeOpened, Qt::QueuedConnection);
    }
};

FileOpener::FileOpener(const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_timer(this)
    , m_shared(std::make_shared<Shared>())
{
    m_shared->receiver = this;
    m_timer.setInterval(LookInterval);
    connect(&m_timer, &QTimer::timeout, this, &FileOpener::refuseOverdue);
}

FileOpener::~FileOpener()
{
    const std::lock_guard lock(m_shared->mutex);
    m_shared->receiver = nullptr;
    m_shared->opened.clear();
}

void FileOpener::open(const QString &folder, Open open, QObject &asker, Answer answer)
{
    m_asks[++m_lastId] = {.folder = folder,
                          .open = std::move(open),
                          .asker = &asker,
                          .answer = std::move(answer),
                          .askedAt = m_clock.monotonicTime()};
    begin();
    if (!m_timer.isActive())
        m_timer.start();
}

/// Forgets who is gone, and starts in order what may.
void FileOpener::begin()
{
    std::erase_if(m_asks, [](const auto &entry) { return entry.second.asker.isNull(); });
    for (auto &[id, ask] : m_asks) {
        if (m_threadsAtWork == AtOnce)
            break;
        if (ask.open && m_opening.value(ask.folder) < PerFolder)
            start(id, ask);
    }
    if (m_asks.empty())
        m_timer.stop();
}

void FileOpener::start(qint64 id, Ask &ask)
{
    ++m_opening[ask.folder];
    ++m_threadsAtWork;
    const auto open = std::exchange(ask.open, nullptr);
    m_threads.start([shared = m_shared, id, folder = ask.folder, open] {
        shared->tell({id, folder, open()});
    });
}

void FileOpener::takeOpened()
{
    std::vector<Opened> opened;
    {
        const std::lock_guard lock(m_shared->mutex);
        opened.swap(m_shared->opened);
    }
    for (const Opened &file : opened) {
        --m_threadsAtWork;
        if (--m_opening[file.folder] == 0)
            m_opening.remove(file.folder);
    }
    for (Opened &file : opened)
        answer(file.id, std::move(file.file));
    begin();
}

void FileOpener::refuseOverdue()
{
    const Milliseconds latest = m_clock.monotonicTime() - Patience;
    std::vector<std::pair<qint64, QString>> overdue;
    for (const auto &[id, ask] : m_asks)
        if (ask.askedAt <= latest)
            overdue.emplace_back(id, ask.folder);
    for (const auto &[id, folder] : overdue)
        answer(id, fail(ErrorCode::Timeout, u"the disk of %1 does not answer"_s.arg(folder)));
    begin();
}

/// Nobody is told of what was answered before.
void FileOpener::answer(qint64 id, Result<OpenFile> opened)
{
    const auto found = m_asks.extract(id);
    if (!found.empty() && found.mapped().asker)
        found.mapped().answer(std::move(opened));
}

} // namespace core
