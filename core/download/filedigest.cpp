#include "core/download/filedigest.h"

#include "core/base/digest.h"
#include "core/base/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

namespace core {
namespace {

constexpr qint64 ReadBytes = qint64(256) << 10;

} // namespace

Result<QString> fileDigest(const QString &path, const std::stop_token &stop)
{
    const auto fd = openFile(path, O_RDONLY);
    if (!fd)
        return fail(fd.error());
    Sha256 hash;
    std::vector<char> buffer(static_cast<size_t>(ReadBytes));
    while (!stop.stop_requested()) {
        const ssize_t count = ::read(fd->get(), buffer.data(), buffer.size());
        if (count < 0 && errno != EINTR)
            return fail(fileError(errno, path));
        if (count == 0)
            return QString::fromLatin1(hash.finish().toHex());
        if (count > 0)
            hash.add({buffer.data(), size_t(count)});
    }
    return QString();
}

} // namespace core
