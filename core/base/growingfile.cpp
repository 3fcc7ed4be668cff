#include "core/base/growingfile.h"

#include <sys/stat.h>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

bool isSameFile(const FileDescriptor &a, const FileDescriptor &b)
{
    struct stat first = {};
    struct stat second = {};
    return ::fstat(a.get(), &first) == 0 && ::fstat(b.get(), &second) == 0
        && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

} // namespace

void GrowingFile::begin(FileDescriptor file,
                        const QString &path,
                        qint64 size,
                        const ByteRanges &present)
{
    auto shared = std::make_shared<const FileDescriptor>(std::move(file));
    const std::lock_guard lock(m_mutex);
    if (m_file && !isSameFile(*m_file, *shared))
        ++m_generation;
    m_file = std::move(shared);
    m_path = path;
    const bool isOther = m_size >= 0 && size != m_size;
    m_generation += isOther ? 1 : 0;
    m_size = size;
    replacePresent(present);
}

void GrowingFile::restart(qint64 size, const ByteRanges &present)
{
    const std::lock_guard lock(m_mutex);
    const bool isOther = m_size >= 0 && size != m_size;
    m_generation += isOther ? 1 : 0;
    m_size = size;
    replacePresent(present);
}

void GrowingFile::replacePresent(const ByteRanges &present)
{
    const auto isKept = [&present](ByteRange range) { return present.contains(range); };
    if (!std::ranges::all_of(m_present.list(), isKept))
        ++m_generation;
    m_present = present;
    m_changed.notify_all();
}

void GrowingFile::add(ByteRange range)
{
    const std::lock_guard lock(m_mutex);
    m_present.add(range);
    if (!m_waits.isEmpty())
        m_changed.notify_all();
}

void GrowingFile::settle(qint64 size)
{
    const std::lock_guard lock(m_mutex);
    m_size = size;
    m_changed.notify_all();
}

QList<ByteRange> GrowingFile::wanted() const
{
    const std::lock_guard lock(m_mutex);
    QList<ByteRange> wanted = m_waits;
    wanted.removeIf([this](ByteRange range) { return m_present.contains(range); });
    return wanted;
}

void GrowingFile::succeed(const QByteArray &sha256)
{
    const std::lock_guard lock(m_mutex);
    m_hasSucceeded = true;
    m_sha256 = sha256;
    m_changed.notify_all();
}

void GrowingFile::fail(Error why)
{
    const std::lock_guard lock(m_mutex);
    m_error = std::move(why);
    m_changed.notify_all();
}

bool GrowingFile::hasSucceeded() const
{
    const std::lock_guard lock(m_mutex);
    return m_hasSucceeded;
}

QString GrowingFile::path() const
{
    const std::lock_guard lock(m_mutex);
    return m_path;
}

Result<GrowingFile::Opened> GrowingFile::waitForBeginning(const Patience &patience)
{
    std::unique_lock lock(m_mutex);
    const auto isOver = [this] { return (m_file && m_size >= 0) || m_hasSucceeded || m_error; };
    if (!wait(lock, patience, isOver))
        return core::fail(ErrorCode::InvalidState, u"stopped"_s);
    if (m_error)
        return core::fail(*m_error);
    if (!m_file || m_size < 0)
        return core::fail(ErrorCode::NotFound, u"the download made no file"_s);
    return Opened{m_file, m_path, m_size, m_generation};
}

Result<GrowingFile::Waited>
GrowingFile::waitFor(const Opened &file, ByteRange range, const Patience &patience)
{
    std::unique_lock lock(m_mutex);
    const auto isOver = [&] {
        return m_present.contains(range) || m_hasSucceeded || m_error
            || m_generation != file.generation;
    };
    const Waited waited = isOver() ? Waited::No : Waited::Yes;
    if (waited == Waited::Yes) {
        m_waits.append(range);
        const bool isAwake = wait(lock, patience, isOver);
        m_waits.removeOne(range);
        if (!isAwake)
            return core::fail(ErrorCode::InvalidState, u"stopped"_s);
    }
    if (const auto checked = check(file); !checked)
        return core::fail(checked.error());
    if (m_present.contains(range))
        return waited;
    return core::fail(ErrorCode::FileAccess, u"%1 ended early"_s.arg(m_path));
}

Result<QByteArray> GrowingFile::waitForEnd(const Opened &file, const Patience &patience)
{
    std::unique_lock lock(m_mutex);
    const auto isOver = [&] {
        return m_hasSucceeded || m_error || m_generation != file.generation;
    };
    if (!wait(lock, patience, isOver))
        return core::fail(ErrorCode::InvalidState, u"stopped"_s);
    if (const auto checked = check(file); !checked)
        return core::fail(checked.error());
    return m_sha256;
}

template<typename Condition>
bool GrowingFile::wait(std::unique_lock<std::mutex> &lock,
                       const Patience &patience,
                       Condition isOver)
{
    if (!patience.onLong || m_changed.wait_for(lock, patience.stop, LongWait, isOver))
        return m_changed.wait(lock, patience.stop, isOver);
    lock.unlock(); // whoever is told may ask about the file
    patience.onLong();
    lock.lock();
    return m_changed.wait(lock, patience.stop, isOver);
}

Result<void> GrowingFile::check(const Opened &file) const
{
    if (m_error)
        return core::fail(*m_error);
    if (m_generation != file.generation)
        return core::fail(ErrorCode::RemoteChanged,
                          u"%1 changed while it was read; all of it is fetched anew"_s.arg(m_path));
    return {};
}

} // namespace core
