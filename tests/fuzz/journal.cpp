// Journals of downloads, as a failing file system may leave them.
#include "core/download/journal.h"

#include "core/base/digest.h"
#include "tests/fuzz/target.h"

#include <cstdlib>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    QByteArray text(reinterpret_cast<const char *>(bytes), qsizetype(size));
    text += "sha256 " + core::Sha256::of(text).toHex() + '\n'; // only what fits is read at all
    const auto record = core::decodeJournal(text);
    if (!record)
        return 0;
    const auto again = core::decodeJournal(core::encodeJournal(*record));
    if (!again || !(*again == *record))
        std::abort();
    return 0;
}
