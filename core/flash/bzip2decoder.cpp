#include "core/flash/bzip2decoder.h"

namespace core {

using namespace Qt::StringLiterals;

Result<std::unique_ptr<StreamDecoder>> Bzip2Decoder::make()
{
    std::unique_ptr<Bzip2Decoder> decoder(new Bzip2Decoder);
    if (const auto begun = decoder->beginStream(); !begun)
        return fail(begun.error());
    return decoder;
}

Bzip2Decoder::~Bzip2Decoder()
{
    if (m_isOpen)
        BZ2_bzDecompressEnd(&m_stream);
}

Result<void> Bzip2Decoder::beginStream()
{
    if (m_isOpen)
        BZ2_bzDecompressEnd(&m_stream);
    m_stream = {};
    m_isOpen = BZ2_bzDecompressInit(&m_stream, 0, 0) == BZ_OK;
    return m_isOpen ? Result<void>()
                    : fail(ErrorCode::Internal, u"no bzip2 decoder could be made"_s);
}

Result<StreamDecoder::Step>
Bzip2Decoder::decode(std::span<const char> in, std::span<char> out, Input)
{
    if (in.empty() && m_isBetween)
        return Step{};
    m_stream.next_in = const_cast<char *>(in.data());
    m_stream.avail_in = unsigned(in.size());
    m_stream.next_out = out.data();
    m_stream.avail_out = unsigned(out.size());
    const int code = BZ2_bzDecompress(&m_stream);
    if (code == BZ_MEM_ERROR)
        return fail(ErrorCode::Unsupported, u"there is too little memory to unpack it"_s);
    if (code != BZ_OK && code != BZ_STREAM_END)
        return fail(ErrorCode::ImageDamaged,
                    m_isBetween ? u"something follows its end"_s : u"its bzip2 data is corrupt"_s);
    const Step step{qint64(in.size()) - m_stream.avail_in, qint64(out.size()) - m_stream.avail_out};
    // Less than the four bytes of a stream's beginning tells nothing yet.
    m_isBetween = code == BZ_STREAM_END;
    if (m_isBetween)
        if (const auto begun = beginStream(); !begun)
            return fail(begun.error());
    return step;
}

} // namespace core
