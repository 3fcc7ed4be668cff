#include "core/flash/imagefeed.h"

#include "core/flash/decodelimits.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

ImageFeed::ImageFeed(std::unique_ptr<ImageSource> image,
                     OpenImage open,
                     ExpectedSha256 expected,
                     Limits limits)
    : m_open(std::move(open))
    , m_expected(std::move(expected))
    , m_limits(limits)
    , m_pool(std::make_shared<BufferPool>(ExtentBytes))
    , m_reader(std::move(image), m_expected)
{ }

ImageFeed::~ImageFeed() = default; // the thread is asked to stop and joined first, being last

void ImageFeed::start(size_t drives)
{
    m_cursors.resize(drives);
    m_begin = Clock::now();
    m_thread = std::jthread([this](const std::stop_token &stop) { produce(stop); });
}

void ImageFeed::produce(const std::stop_token &stop)
{
    while (true) {
        const auto begun = Clock::now();
        auto extent = m_reader.next(m_pool->take());
        const auto read = Clock::now();
        std::unique_lock lock(m_mutex);
        if (!extent || !*extent) {
            m_isEnded = true;
            if (extent)
                m_imageSha256 = m_reader.imageSha256();
            else
                m_error = extent.error();
            m_changed.notify_all();
            return;
        }
        if (!waitForRoom(lock, stop))
            return;
        m_pace.add(read - begun, Clock::now() - read);
        m_map.add(**extent);
        m_window.push_back(std::move(**extent));
        m_changed.notify_all();
    }
}

bool ImageFeed::waitForRoom(std::unique_lock<std::mutex> &lock, const std::stop_token &stop)
{
    const auto hasRoom = [this] {
        return !hasReaders() || m_window.size() < m_limits.windowExtents;
    };
    while (!hasRoom() && !stop.stop_requested()) {
        const auto since = Clock::now();
        const bool isHeld = isHeldUp();
        if (isHeld && m_held >= m_limits.patience + (since - m_begin) / 20) {
            putOffTheLast();
            m_held = {};
            continue;
        }
        // Whether somebody waits changes without a sign: m_changed is for those who wait.
        m_changed.wait_for(lock, std::chrono::milliseconds(10), hasRoom);
        if (isHeld)
            m_held += Clock::now() - since;
    }
    return hasReaders() && !stop.stop_requested();
}

bool ImageFeed::isHeldUp() const
{
    const qint64 end = m_windowBegin + qint64(m_window.size());
    return std::ranges::any_of(m_cursors, [end](const Cursor &cursor) {
        return cursor.isWaiting && !cursor.isPutOff && cursor.next == end;
    });
}

void ImageFeed::putOffTheLast()
{
    for (Cursor &cursor : m_cursors) {
        if (cursor.hasLeft || cursor.isPutOff || cursor.next != m_windowBegin)
            continue;
        cursor.isPutOff = true;
        ++m_putOff;
    }
    dropPassed();
}

void ImageFeed::dropPassed()
{
    while (!m_window.empty() && std::ranges::none_of(m_cursors, [this](const Cursor &cursor) {
        return !cursor.hasLeft && !cursor.isPutOff && cursor.next == m_windowBegin;
    })) {
        m_window.pop_front();
        ++m_windowBegin;
    }
    m_changed.notify_all();
}

bool ImageFeed::hasReaders() const
{
    return std::ranges::any_of(
        m_cursors, [](const Cursor &cursor) { return !cursor.hasLeft && !cursor.isPutOff; });
}

Result<std::optional<Extent>> ImageFeed::next(size_t drive, const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    Cursor &cursor = m_cursors[drive];
    const auto isReady = [&] {
        const qint64 end = m_windowBegin + qint64(m_window.size());
        return cursor.isPutOff || cursor.next < end || m_isEnded;
    };
    cursor.isWaiting = true;
    const bool isWoken = m_changed.wait(lock, stop, isReady);
    cursor.isWaiting = false;
    if (!isWoken || stop.stop_requested())
        return std::nullopt;
    if (cursor.isPutOff) {
        lock.unlock(); // the cursor is its drive's own from here on
        return readAlone(cursor, stop);
    }
    if (m_error)
        return fail(*m_error);
    if (cursor.next == m_windowBegin + qint64(m_window.size()))
        return std::nullopt;
    Extent extent = m_window[size_t(cursor.next - m_windowBegin)];
    ++cursor.next;
    dropPassed();
    return extent;
}

Result<std::optional<Extent>> ImageFeed::readAlone(Cursor &cursor, const std::stop_token &stop)
{
    if (!cursor.own)
        if (const auto ready = catchUp(cursor, stop); !ready && !stop.stop_requested())
            return fail(ready.error());
    if (stop.stop_requested())
        return std::nullopt;
    auto extent = cursor.own->next(m_pool->take());
    if (!extent && stop.stop_requested())
        return std::nullopt; // what it waited for was given up
    return extent;
}

Result<void> ImageFeed::catchUp(Cursor &cursor, const std::stop_token &stop)
{
    auto image = m_open(DecodeLimits{.threads = 1});
    if (!image)
        return fail(image.error());
    cursor.own = std::make_unique<ExtentReader>(std::move(*image), m_expected);
    for (qint64 passed = 0; passed < cursor.next && !stop.stop_requested(); ++passed) {
        const auto extent = cursor.own->next(m_pool->take());
        if (!extent)
            return fail(extent.error());
        if (!*extent || !wasRead(**extent))
            return fail(ErrorCode::ImageDamaged, u"the image changed while it was written"_s);
    }
    return {};
}

bool ImageFeed::wasRead(const Extent &extent) const
{
    const std::lock_guard lock(m_mutex);
    return m_map.digests[size_t(extent.offset / ExtentBytes)] == extent.digest;
}

void ImageFeed::leave(size_t drive)
{
    const std::lock_guard lock(m_mutex);
    m_cursors[drive].hasLeft = true;
    dropPassed();
}

QByteArray ImageFeed::imageSha256() const
{
    const std::lock_guard lock(m_mutex);
    return m_imageSha256;
}

Pacesetter::Side ImageFeed::pace() const
{
    const std::lock_guard lock(m_mutex);
    return m_pace.side();
}

int ImageFeed::putOff() const
{
    const std::lock_guard lock(m_mutex);
    return m_putOff;
}

} // namespace core
