#include "server/http/fileblocks.h"

#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace server {

using namespace Qt::StringLiterals;

namespace {

constexpr int WaitForDisk = 0;

/// errno in the error's place.
tl::expected<QByteArray, int> read(int file, qint64 offset, qint64 size, int flags)
{
    QByteArray block(size, Qt::Uninitialized);
    iovec room{.iov_base = block.data(), .iov_len = size_t(size)};
    ssize_t got = 0;
    do
        got = ::preadv2(file, &room, 1, offset, flags);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return tl::unexpected(errno);
    block.truncate(got);
    return block;
}

core::Result<QByteArray> resultOf(tl::expected<QByteArray, int> block)
{
    if (!block)
        return core::fail(core::fileError(block.error(), u"a file that is being sent"_s));
    if (block->isEmpty())
        return core::fail(core::ErrorCode::FileAccess, u"a file that is being sent got shorter"_s);
    return *std::move(block);
}

} // namespace

/// What both threads touch; all but `file` under the mutex.
struct FileBlocks::Shared {
    const std::shared_ptr<const core::OpenFile> file;
    std::mutex mutex{};
    FileBlocks *receiver = nullptr; // null when nobody wants the answer any more
    std::optional<tl::expected<QByteArray, int>> answer{};

    void readAndTell(qint64 offset, qint64 size)
    {
        auto block = read(file->descriptor.get(), offset, size, WaitForDisk);
        const std::lock_guard lock(mutex);
        answer = std::move(block);
        if (receiver)
            QMetaObject::invokeMethod(receiver, &FileBlocks::ready, Qt::QueuedConnection);
    }
};

FileBlocks::FileBlocks(std::shared_ptr<const core::OpenFile> file)
    : m_flags(file->isInMemory ? WaitForDisk : RWF_NOWAIT) // tmpfs does not know the flag
    , m_shared(new Shared{.file = std::move(file), .receiver = this})
{ }

FileBlocks::~FileBlocks()
{
    const std::lock_guard lock(m_shared->mutex);
    m_shared->receiver = nullptr;
}

std::optional<core::Result<QByteArray>> FileBlocks::at(qint64 offset, qint64 size)
{
    if (m_isWaiting) {
        const std::lock_guard lock(m_shared->mutex);
        m_isWaiting = !m_shared->answer;
        if (m_isWaiting)
            return std::nullopt;
        return resultOf(*std::exchange(m_shared->answer, std::nullopt));
    }
    auto cached = read(m_shared->file->descriptor.get(), offset, size, m_flags);
    const bool mustWait = !cached && (cached.error() == EAGAIN || cached.error() == EOPNOTSUPP);
    if (!mustWait)
        return resultOf(std::move(cached));
    if (const auto waiting = waitElsewhere(offset, size); !waiting)
        return core::fail(waiting.error());
    return std::nullopt;
}

core::Result<void> FileBlocks::waitElsewhere(qint64 offset, qint64 size)
try {
    std::thread([shared = m_shared, offset, size] { shared->readAndTell(offset, size); }).detach();
    m_isWaiting = true;
    return {};
} catch (const std::system_error &error) {
    return core::fail(core::fileError(error.code().value(), u"a thread to read a file"_s));
}

} // namespace server
