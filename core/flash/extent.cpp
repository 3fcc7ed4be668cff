#include "core/flash/extent.h"

#include <xxhash.h>

namespace core {

ExtentDigest ExtentDigest::of(std::span<const char> bytes)
{
    const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
    return {hash.low64, hash.high64};
}

} // namespace core
