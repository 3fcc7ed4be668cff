// Image files of every format that is read: opening them, their indexes, unpacking.
#include "core/flash/openimage.h"
#include "tests/fuzz/target.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

using namespace core;

namespace {

constexpr qint64 MostUnpacked = 8_MiB;
constexpr DecodeLimits Limits{.threads = 1, .threadedBytes = 16_MiB, .mostBytes = 16_MiB};

void readAll(ImageSource &image)
{
    std::vector<char> bytes(64 * 1024);
    for (qint64 done = 0; done < MostUnpacked;) {
        const auto count = image.read(bytes);
        if (!count || *count == 0)
            return;
        done += *count;
        if (image.size() && done > *image.size())
            std::abort(); // more than its index says
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const int fd = ::memfd_create("image", 0);
    if (fd < 0 || ::write(fd, bytes, size) != ssize_t(size))
        std::abort();
    const QString path = QStringLiteral("/proc/self/fd/%1").arg(fd);
    if (const auto image = openImage(path, Limits))
        readAll(**image);
    if (const auto image = openImage(path, Limits); image && (*image)->skip(100'000))
        readAll(**image);
    ::close(fd);
    return 0;
}
