#include "core/flash/drivereadahead.h"

#include <algorithm>

namespace core {
namespace {

constexpr size_t MostWaiting = 3; // pieces

} // namespace

DriveReadAhead::DriveReadAhead(BlockDevice &device)
    : m_device(device)
    , m_reader(device)
    , m_pool(std::make_shared<BufferPool>(PieceBytes))
    , m_thread([this](const std::stop_token &stop) { run(stop); })
{ }

Result<std::optional<DrivePiece>> DriveReadAhead::next(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    const bool isReady =
        m_changed.wait(lock, stop, [this] { return !m_waiting.empty() || m_isEnded; });
    if (!isReady || stop.stop_requested())
        return std::nullopt;
    if (m_waiting.empty())
        return m_error ? Result<std::optional<DrivePiece>>(fail(*m_error)) : std::nullopt;
    DrivePiece piece = std::move(m_waiting.front());
    m_waiting.pop_front();
    m_changed.notify_all();
    return piece;
}

void DriveReadAhead::run(const std::stop_token &stop)
{
    std::optional<Error> error;
    for (qint64 offset = 0; offset < m_device.size() && !error; offset += PieceBytes) {
        if (!waitForRoom(stop))
            return;
        const qint64 bytes = std::min(PieceBytes, m_device.size() - offset);
        auto buffer = m_pool->take();
        const auto read = m_reader.read(offset, buffer->first(bytes), stop);
        if (read && *read == Outcome::Stopped)
            return;
        const std::lock_guard lock(m_mutex);
        if (read)
            m_waiting.push_back({offset, bytes, std::move(buffer)});
        else
            error = read.error();
        m_changed.notify_all();
    }
    const std::lock_guard lock(m_mutex);
    m_isEnded = true;
    m_error = error;
    m_changed.notify_all();
}

bool DriveReadAhead::waitForRoom(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    return m_changed.wait(lock, stop, [this] { return m_waiting.size() < MostWaiting; });
}

} // namespace core
