// Metalink documents, as any server may send them.
#include "core/download/metalink.h"

#include "tests/fuzz/target.h"

#include <cstdlib>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const auto files =
        core::parseMetalink(QByteArray(reinterpret_cast<const char *>(bytes), qsizetype(size)));
    if (!files)
        return 0;
    for (const core::MetalinkFile &file : *files) // nothing leads out of the folder
        if (file.name.contains(u'/') || file.name.isEmpty() || file.name == u".."
            || file.folder.startsWith(u'/')
            || file.folder.split(u'/').contains(QStringLiteral("..")))
            std::abort();
    return 0;
}
