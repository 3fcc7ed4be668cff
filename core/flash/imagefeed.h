#pragma once
#include "core/flash/bufferpool.h"
#include "core/flash/extentreader.h"
#include "core/flash/pacesetter.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace core {

/// Reads an image once and hands every extent to each of N drives, in order and at its own pace.
///
///   its own thread: ExtentReader → window of at most `windowExtents`
///   each drive's thread: next() → the extent at the drive's cursor
///
/// The window moves on when all drives have passed its first extent. When others have waited for the
/// last one, in sum, for `patience` and a twentieth of the time so far, it is put off: it reads the
/// image by itself from then on, with one thread, and holds nobody back.
/// Threads: one thread per drive calls next() and leave() with that drive's number; the feed
/// outlives them.
class ImageFeed
{
public:
    struct Limits {
        size_t windowExtents = 32;
        std::chrono::milliseconds patience{500};
    };

    /// `image` was opened by `open`.
    ImageFeed(std::unique_ptr<ImageSource> image,
              OpenImage open,
              ExpectedSha256 expected,
              Limits limits);
    ~ImageFeed();
    ImageFeed(const ImageFeed &) = delete;
    ImageFeed &operator=(const ImageFeed &) = delete;

    /// Begins to read, for that many drives. Called once.
    void start(size_t drives);
    /// The next extent for the drive; nullopt after the last, once the whole image is proven, and
    /// when `stop` is requested. Fails as ExtentReader::next.
    [[nodiscard]] Result<std::optional<Extent>> next(size_t drive, const std::stop_token &stop);
    /// The drive wants no more.
    void leave(size_t drive);

    /// The image as it was opened; only what does not change may be asked while it is read.
    [[nodiscard]] const ImageSource &image() const { return m_reader.source(); }
    /// SHA-256 of the image, 32 raw bytes, when it was read to its end; before: empty.
    /// As ExtentReader::imageSha256.
    [[nodiscard]] QByteArray imageSha256() const;
    /// Whom the other side waits for, as things are.
    [[nodiscard]] Pacesetter::Side pace() const;
    /// How many drives were put off.
    [[nodiscard]] int putOff() const;

private:
    using Clock = std::chrono::steady_clock;
    struct Cursor {
        qint64 next = 0; // extents
        bool isWaiting = false;
        bool hasLeft = false;
        std::unique_ptr<ExtentReader> own; // after it was put off
        bool isPutOff = false;
    };

    void produce(const std::stop_token &stop);
    /// Whether a drive waits for what comes after the window.
    [[nodiscard]] bool isHeldUp() const;
    /// Waits until the window has room. False when nobody is left to read for.
    [[nodiscard]] bool waitForRoom(std::unique_lock<std::mutex> &lock, const std::stop_token &stop);
    void putOffTheLast();
    void dropPassed();
    [[nodiscard]] bool hasReaders() const;
    [[nodiscard]] Result<std::optional<Extent>> readAlone(Cursor &cursor,
                                                          const std::stop_token &stop);
    /// Opens the image for the drive alone and goes to its place; all is read once more, so that
    /// this drive's image is proven too.
    [[nodiscard]] Result<void> catchUp(Cursor &cursor, const std::stop_token &stop);
    [[nodiscard]] bool wasRead(const Extent &extent) const;

    const OpenImage m_open;
    const ExpectedSha256 m_expected;
    const Limits m_limits;
    const std::shared_ptr<BufferPool> m_pool;
    ExtentReader m_reader; // the producer's
    Clock::time_point m_begin;
    Clock::duration m_held{0}; // the producer's: how long drives have waited for the last one

    mutable std::mutex m_mutex; // guards what follows
    std::condition_variable_any m_changed;
    std::vector<Cursor> m_cursors;
    ExtentMap m_map; // of all that was read
    std::deque<Extent> m_window;
    qint64 m_windowBegin = 0; // extents
    bool m_isEnded = false;
    std::optional<Error> m_error;
    QByteArray m_imageSha256;
    int m_putOff = 0;
    Pacesetter m_pace;

    std::jthread m_thread;
};

} // namespace core
