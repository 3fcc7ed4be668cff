#pragma once
#include <QLatin1StringView>

#include <span>

namespace core {

/// How the bytes of an image are packed. `Raw`: not at all.
enum class ImageFormat {
    Raw,
    Xz,
    Gzip,
    Bzip2,
    Zstd,
    Lz4,
    Zip,
    SevenZip,
    // known, so that they are never written to a drive as they are
    Lzip,
    Lzma,
    Rar,
    Tar,
    Qcow,
    Vmdk,
    Vdi,
    Vhdx,
};

/// Bytes of a file's beginning that imageFormatOf() looks at.
constexpr qint64 ImageMagicBytes = 512;

/// The format that a file with this beginning has. Its name is not asked: people rename files.
[[nodiscard]] ImageFormat imageFormatOf(std::span<const char> beginning);

/// "zip": what a person calls the format.
[[nodiscard]] QLatin1StringView imageFormatName(ImageFormat format);

} // namespace core
