#include "core/flash/imageformat.h"

#include "core/base/names.h"

#include <QByteArrayView>

namespace core {
namespace {

using namespace Qt::StringLiterals;

struct Magic {
    ImageFormat format;
    QByteArrayView bytes;
    qsizetype offset = 0;
};

template<size_t N>
constexpr QByteArrayView literal(const char (&text)[N])
{
    return QByteArrayView(text, qsizetype(N) - 1); // may hold zeros
}

const std::array Magics = std::to_array<Magic>({
    {ImageFormat::Xz,
     literal("\xFD"
             "7zXZ\0")},
    {ImageFormat::Gzip, literal("\x1F\x8B\x08")},
    {ImageFormat::Bzip2, literal("1AY&SY"), 4}, // the first block, after "BZh" and a digit
    {ImageFormat::Bzip2, literal("\x17\x72\x45\x38\x50\x90"), 4}, // of nothing
    {ImageFormat::Zstd, literal("\x28\xB5\x2F\xFD")},
    {ImageFormat::Zstd, literal("\x2A\x4D\x18"), 1}, // begins with a skippable frame
    {ImageFormat::Lz4, literal("\x04\x22\x4D\x18")},
    {ImageFormat::Lzip, literal("LZIP")},
    {ImageFormat::Lzma, literal("\x5D\0\0")},
    {ImageFormat::Zip, literal("PK\x03\x04")},
    {ImageFormat::SevenZip, literal("7z\xBC\xAF\x27\x1C")},
    {ImageFormat::Rar, literal("Rar!\x1A\x07")},
    {ImageFormat::Tar, literal("ustar"), 257},
    {ImageFormat::Qcow, literal("QFI\xFB")},
    {ImageFormat::Vmdk, literal("KDMV")},
    {ImageFormat::Vdi, literal("\x7F\x10\xDA\xBE"), 64},
    {ImageFormat::Vhdx, literal("vhdxfile")},
});

constexpr std::array Names = std::to_array<Name<ImageFormat>>({
    {ImageFormat::Raw, "raw"_L1},
    {ImageFormat::Xz, "xz"_L1},
    {ImageFormat::Gzip, "gzip"_L1},
    {ImageFormat::Bzip2, "bzip2"_L1},
    {ImageFormat::Zstd, "zstd"_L1},
    {ImageFormat::Lz4, "lz4"_L1},
    {ImageFormat::Lzip, "lzip"_L1},
    {ImageFormat::Lzma, "lzma"_L1},
    {ImageFormat::Zip, "zip"_L1},
    {ImageFormat::SevenZip, "7z"_L1},
    {ImageFormat::Rar, "rar"_L1},
    {ImageFormat::Tar, "tar"_L1},
    {ImageFormat::Qcow, "qcow2"_L1},
    {ImageFormat::Vmdk, "vmdk"_L1},
    {ImageFormat::Vdi, "vdi"_L1},
    {ImageFormat::Vhdx, "vhdx"_L1},
});

bool is(const Magic &magic, QByteArrayView beginning)
{
    if (magic.format == ImageFormat::Bzip2 && !beginning.startsWith("BZh"))
        return false;
    if (magic.format == ImageFormat::Zstd && magic.offset == 1
        && (beginning.isEmpty() || (beginning[0] & 0xF0) != 0x50))
        return false;
    return beginning.size() >= magic.offset
        && beginning.sliced(magic.offset).startsWith(magic.bytes);
}

} // namespace

ImageFormat imageFormatOf(std::span<const char> beginning)
{
    const QByteArrayView bytes(beginning.data(), qsizetype(beginning.size()));
    for (const Magic &magic : Magics)
        if (is(magic, bytes))
            return magic.format;
    return ImageFormat::Raw;
}

QLatin1StringView imageFormatName(ImageFormat format)
{
    return nameOf(Names, format);
}

} // namespace core
