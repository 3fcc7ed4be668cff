#include "core/base/files.h"
#include "core/base/units.h"
#include "core/flash/openimage.h"

#include <sys/mman.h>
#include <unistd.h>

#include <vector>

using namespace core;

namespace {

constexpr qint64 MostImageBytes = 4_MiB;

void readThrough(ImageSource &image)
{
    std::vector<char> buffer(64_KiB);
    qint64 total = 0;
    qint64 count = 1;
    while (count > 0 && total < MostImageBytes) {
        count = image.read(buffer).value_or(0);
        if (count > qint64(buffer.size()))
            std::abort();
        total += count;
        if (image.size() && total > *image.size())
            std::abort();
    }
}

} // namespace

/// A file of every packed format, told by its content.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const FileDescriptor file(::memfd_create("image", MFD_CLOEXEC));
    if (::write(file.get(), bytes, size) != ssize_t(size))
        std::abort();
    DecodeLimits limits;
    limits.threads = 1;
    limits.threadedBytes = limits.mostBytes = 16_MiB;
    const auto image = openImage(QStringLiteral("/proc/self/fd/%1").arg(file.get()), limits);
    if (image)
        readThrough(**image);
    return 0;
}
