#include "core/flash/zstddecoder.h"

#include "core/flash/zstdframes.h"

#include <zstd.h>
#include <zstd_errors.h>

namespace core {

using namespace Qt::StringLiterals;

void ZstdDecoder::Free::operator()(ZSTD_DCtx_s *context) const
{
    ZSTD_freeDCtx(context);
}

Result<std::unique_ptr<StreamDecoder>> ZstdDecoder::make()
{
    std::unique_ptr<ZstdDecoder> decoder(new ZstdDecoder(ZSTD_createDCtx()));
    if (!decoder->m_context)
        return fail(ErrorCode::Internal, u"no zstd decoder could be made"_s);
    return decoder;
}

Result<StreamDecoder::Step>
ZstdDecoder::decode(std::span<const char> in, std::span<char> out, Input)
{
    if (in.empty() && m_isBetween)
        return Step{};
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const size_t left = ZSTD_decompressStream(m_context.get(), &output, &input);
    if (ZSTD_isError(left)) {
        switch (ZSTD_getErrorCode(left)) {
        case ZSTD_error_frameParameter_windowTooLarge:
        case ZSTD_error_memory_allocation:
            return fail(ErrorCode::Unsupported, u"unpacking it takes more than 128 MiB"_s);
        case ZSTD_error_prefix_unknown:
            return fail(ErrorCode::ImageDamaged,
                        u"something that is not zstd is in it or follows it"_s);
        default:
            return fail(
                ErrorCode::ImageDamaged,
                u"its zstd data is corrupt: %1"_s.arg(QLatin1StringView(ZSTD_getErrorName(left))));
        }
    }
    m_isBetween = left == 0;
    return Step{qint64(input.pos), qint64(output.pos)};
}

Result<std::optional<qint64>> ZstdDecoder::imageSize(const ImageFile &file)
{
    return ZstdFrames(file).imageSize();
}

} // namespace core
