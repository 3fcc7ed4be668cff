#include "app/freedmemory.h"

#include <malloc.h>

namespace app {

namespace {

constexpr int KeptBytes = 1 << 20;
constexpr int LargeBytes = 512 << 10;

} // namespace

void keepFreedMemory()
{
    ::mallopt(M_TRIM_THRESHOLD, KeptBytes);
    ::mallopt(M_MMAP_THRESHOLD, LargeBytes);
}

} // namespace app
