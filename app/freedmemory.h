#pragma once

namespace app {

/// Keeps the last MiB that was freed for what is asked for next, instead of giving it to the kernel
/// and taking it back page by page: the buffers of a file that is sent come and go many thousand times
/// a second. Blocks of 512 KiB and more still go back at once (mallopt(3), M_TRIM_THRESHOLD and
/// M_MMAP_THRESHOLD). For the whole process, before its threads begin.
void keepFreedMemory();

} // namespace app
