#include "core/flash/gzipdecoder.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr int GzipWindow = 15 + 16; // zlib: 32 KiB of window, gzip header and CRC

} // namespace

Result<std::unique_ptr<StreamDecoder>> GzipDecoder::make()
{
    std::unique_ptr<GzipDecoder> decoder(new GzipDecoder);
    if (inflateInit2(&decoder->m_stream, GzipWindow) != Z_OK)
        return fail(ErrorCode::Internal, u"no gzip decoder could be made"_s);
    return decoder;
}

GzipDecoder::~GzipDecoder()
{
    inflateEnd(&m_stream);
}

Result<StreamDecoder::Step>
GzipDecoder::decode(std::span<const char> in, std::span<char> out, Input)
{
    if (in.empty() && m_isBetween)
        return Step{};
    if (m_isBetween && (m_hasPadding || in.front() == '\0')) {
        m_hasPadding = true;
        const bool isPadding = std::ranges::all_of(in, [](char c) { return c == '\0'; });
        return isPadding ? Result<Step>(Step{qint64(in.size()), 0})
                         : fail(ErrorCode::ImageDamaged, u"something follows its end"_s);
    }
    m_stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(in.data()));
    m_stream.avail_in = uInt(in.size());
    m_stream.next_out = reinterpret_cast<Bytef *>(out.data());
    m_stream.avail_out = uInt(out.size());
    const int code = inflate(&m_stream, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
        return fail(ErrorCode::ImageDamaged,
                    m_isBetween ? u"something follows its end"_s : u"its gzip data is corrupt"_s);
    m_isBetween = code == Z_STREAM_END;
    if (m_isBetween)
        inflateReset(&m_stream);
    return Step{qint64(in.size() - m_stream.avail_in), qint64(out.size() - m_stream.avail_out)};
}

} // namespace core
