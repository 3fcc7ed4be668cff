#include "core/flash/bmapxml.h"
#include "tests/fuzz/target.h"

using namespace core;

/// Whatever is accepted keeps what writing by it relies on.
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(bytes), qsizetype(size));
    const auto bmap = readBmap(text, QString());
    if (!bmap)
        return 0;
    qint64 end = 0;
    for (const Bmap::Range &range : bmap->ranges) {
        if (range.begin < end || range.begin >= range.end)
            std::abort();
        end = range.end;
    }
    if (end > bmap->imageBytes)
        std::abort();
    for (const qint64 offset :
         {qint64(0), ExtentBytes, bmap->imageBytes / 2 / ExtentBytes * ExtentBytes})
        if (bytesOf(bmap->piecesOf(offset, ExtentBytes)) > ExtentBytes)
            std::abort();
    return 0;
}
