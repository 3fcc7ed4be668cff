#include "core/flash/blockdevice.h"

#include <cerrno>
#include <cstring>

namespace core {

using namespace Qt::StringLiterals;

namespace {

ErrorCode codeOf(int error)
{
    switch (error) {
    case ENODEV:
    case ENXIO:
    case ENOMEDIUM:
    case ESHUTDOWN:
        return ErrorCode::DeviceGone;
    case ENOSPC:
        return ErrorCode::NoSpace;
    default:
        return ErrorCode::DeviceFailed;
    }
}

/// Calls `some(done)` until it has done `length` bytes: 0, or the negative errno that ended it.
/// A short answer that is no multiple of `blockBytes` is cut to one, as the next must be aligned.
template<typename Some>
qint64 continued(size_t length, qint64 blockBytes, Some some)
{
    size_t done = 0;
    while (done < length) {
        const qint64 count = some(done);
        if (count == -EINTR || count == -EAGAIN)
            continue;
        if (count < 0)
            return count;
        if (count < blockBytes)
            return -EIO; // no progress that could be continued
        done += size_t(count - count % blockBytes);
    }
    return 0;
}

} // namespace

Result<void> BlockDevice::read(qint64 offset, std::span<char> bytes)
{
    assertAligned(offset, bytes);
    qint64 at = offset;
    const qint64 error = continued(bytes.size(), blockBytes(), [&](size_t done) {
        at = offset + qint64(done);
        return readSome(at, bytes.subspan(done));
    });
    if (error != 0)
        return failed(error, "read", at);
    return {};
}

Result<void> BlockDevice::write(qint64 offset, std::span<const char> bytes)
{
    assertAligned(offset, bytes);
    qint64 at = offset;
    const qint64 error = continued(bytes.size(), blockBytes(), [&](size_t done) {
        at = offset + qint64(done);
        return writeSome(at, bytes.subspan(done));
    });
    if (error != 0)
        return failed(error, "write", at);
    return {};
}

Result<void> BlockDevice::flush()
{
    int error = -EINTR;
    while (error == -EINTR)
        error = flushOnce();
    if (error != 0)
        return failed(error, "flush", 0);
    return {};
}

void BlockDevice::assertAligned(qint64 offset, std::span<const char> bytes) const
{
    Q_ASSERT(offset >= 0 && offset % blockBytes() == 0);
    Q_ASSERT(qint64(bytes.size()) % blockBytes() == 0);
    Q_ASSERT(reinterpret_cast<quintptr>(bytes.data()) % quintptr(MemoryAlignment) == 0);
}

tl::unexpected<Error> BlockDevice::failed(qint64 error, const char *what, qint64 offset) const
{
    const int code = int(-error);
    const QString context =
        u"%1: %2 at byte %3: %4"_s.arg(name(), QLatin1StringView(what), QString::number(offset),
                                       QString::fromLocal8Bit(std::strerror(code)));
    // A drive that is pulled out while it works answers EIO at first.
    return fail(isGone() ? ErrorCode::DeviceGone : codeOf(code), context);
}

} // namespace core
