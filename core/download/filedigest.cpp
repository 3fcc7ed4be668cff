#include "core/download/filedigest.h"

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
    const auto digests = fileDigests(path, std::nullopt, stop);
    if (!digests)
        return fail(digests.error());
    return QString::fromLatin1(digests->sha256.toHex());
}

Result<FileHash::Digests>
fileDigests(const QString &path, std::optional<DigestAlgorithm> also, const std::stop_token &stop)
{
    const auto fd = openFile(path, O_RDONLY);
    if (!fd)
        return fail(fd.error());
    FileHash hash(also);
    std::vector<char> buffer(static_cast<size_t>(ReadBytes));
    while (!stop.stop_requested()) {
        const ssize_t count = ::read(fd->get(), buffer.data(), buffer.size());
        if (count < 0 && errno != EINTR)
            return fail(fileError(errno, path));
        if (count == 0)
            return hash.finish();
        if (count > 0)
            hash.add({buffer.data(), size_t(count)});
    }
    return FileHash::Digests();
}

} // namespace core
