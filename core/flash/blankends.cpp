#include "core/flash/blankends.h"

#include "core/flash/extent.h"

#include <algorithm>

namespace core {

Result<bool> hasBlankEnds(BlockDevice &device)
{
    AlignedBuffer seen(ExtentBytes);
    const std::span<char> bytes = seen.first(std::min(ExtentBytes, device.size()));
    device.dropCache();
    for (const qint64 offset : {qint64(0), device.size() - qint64(bytes.size())}) {
        if (const auto read = device.read(offset, bytes); !read)
            return fail(read.error());
        if (!std::ranges::all_of(bytes, [](char c) { return c == '\0'; }))
            return false;
    }
    return true;
}

} // namespace core
