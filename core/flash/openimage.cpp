#include "core/flash/openimage.h"

#include "core/flash/archivesource.h"
#include "core/flash/bzip2decoder.h"
#include "core/flash/decodedsource.h"
#include "core/flash/gzipdecoder.h"
#include "core/flash/imageformat.h"
#include "core/flash/rawsource.h"
#include "core/flash/xzdecoder.h"
#include "core/flash/zstddecoder.h"

#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

using Decoder = Result<std::unique_ptr<StreamDecoder>>;

Result<std::unique_ptr<ImageSource>>
packed(ImageFile file, Decoder decoder, Result<std::optional<qint64>> size)
{
    if (!size)
        return fail(size.error());
    if (!decoder)
        return fail(decoder.error());
    return std::make_unique<DecodedSource>(std::move(file), std::move(*decoder), *size);
}

Result<std::optional<qint64>> zstdSize(const ImageFile &file)
{
    if (!file.isWhole()) // the frames are found from one to the next, through the whole file
        return std::nullopt;
    return ZstdDecoder::imageSize(file);
}

Result<std::unique_ptr<ImageSource>> openFrom(Result<ImageFile> file, const DecodeLimits &limits)
{
    if (!file)
        return fail(file.error());
    std::array<char, ImageMagicBytes> beginning;
    const auto count = file->readAt(0, beginning);
    if (!count)
        return fail(count.error());
    const ImageFormat format = imageFormatOf(std::span(beginning).first(size_t(*count)));
    switch (format) {
    case ImageFormat::Raw:
        return std::make_unique<RawSource>(std::move(*file));
    case ImageFormat::Xz: {
        const auto size = XzDecoder::imageSize(*file);
        return packed(std::move(*file), XzDecoder::make(limits),
                      size.map([](qint64 bytes) { return std::optional(bytes); }));
    }
    case ImageFormat::Zstd: {
        const auto size = zstdSize(*file);
        return packed(std::move(*file), ZstdDecoder::make(), size);
    }
    case ImageFormat::Gzip:
        return packed(std::move(*file), GzipDecoder::make(), std::nullopt);
    case ImageFormat::Bzip2:
        return packed(std::move(*file), Bzip2Decoder::make(), std::nullopt);
    case ImageFormat::Lz4:
    case ImageFormat::Zip:
    case ImageFormat::SevenZip:
        return ArchiveSource::open(std::move(*file), format);
    case ImageFormat::Lzip:
    case ImageFormat::Lzma:
    case ImageFormat::Rar:
    case ImageFormat::Tar:
    case ImageFormat::Qcow:
    case ImageFormat::Vmdk:
    case ImageFormat::Vdi:
    case ImageFormat::Vhdx:
        break;
    }
    return fail(
        ErrorCode::Unsupported,
        u"%1 is packed as %2; unpack it first"_s.arg(file->path(), imageFormatName(format)));
}

} // namespace

Result<std::unique_ptr<ImageSource>> openImage(const QString &path, const DecodeLimits &limits)
{
    return openFrom(ImageFile::open(path), limits);
}

Result<std::unique_ptr<ImageSource>> openImage(const GrowingImage &image,
                                               const DecodeLimits &limits)
{
    return openFrom(ImageFile::open(image), limits);
}

} // namespace core
