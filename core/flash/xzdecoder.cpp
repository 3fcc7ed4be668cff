#include "core/flash/xzdecoder.h"

#include <QScopeGuard>

#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr quint64 IndexMemory = quint64(64_MiB); // an index of four million blocks

const quint8 *unsignedBytes(const char *bytes)
{
    return reinterpret_cast<const quint8 *>(bytes);
}

tl::unexpected<Error> wrong(lzma_ret code, const lzma_stream &stream)
{
    switch (code) {
    case LZMA_MEM_ERROR:
    case LZMA_MEMLIMIT_ERROR:
        return fail(ErrorCode::Unsupported,
                    u"unpacking it takes %1 MiB of memory"_s.arg(lzma_memusage(&stream) >> 20));
    case LZMA_OPTIONS_ERROR:
        return fail(ErrorCode::Unsupported, u"it was packed by a newer xz"_s);
    case LZMA_FORMAT_ERROR:
        return fail(ErrorCode::ImageDamaged, u"something that is not xz is in it or follows it"_s);
    case LZMA_BUF_ERROR:
        return fail(ErrorCode::ImageDamaged, u"it ends too early"_s);
    default:
        return fail(ErrorCode::ImageDamaged, u"its xz data is corrupt"_s);
    }
}

} // namespace

Result<std::unique_ptr<StreamDecoder>> XzDecoder::make(const DecodeLimits &limits)
{
    std::unique_ptr<XzDecoder> decoder(new XzDecoder);
    lzma_mt options = {};
    options.flags = LZMA_CONCATENATED;
    options.threads = quint32(limits.threads);
    options.memlimit_threading = quint64(limits.threadedBytes);
    options.memlimit_stop = quint64(limits.mostBytes);
    if (const lzma_ret code = lzma_stream_decoder_mt(&decoder->m_stream, &options); code != LZMA_OK)
        return fail(ErrorCode::Internal, u"no xz decoder could be made (%1)"_s.arg(int(code)));
    return decoder;
}

XzDecoder::~XzDecoder()
{
    lzma_end(&m_stream);
}

Result<StreamDecoder::Step>
XzDecoder::decode(std::span<const char> in, std::span<char> out, Input input)
{
    if (m_isComplete)
        return Step{};
    m_stream.next_in = unsignedBytes(in.data());
    m_stream.avail_in = in.size();
    m_stream.next_out = reinterpret_cast<quint8 *>(out.data());
    m_stream.avail_out = out.size();
    lzma_ret code = LZMA_OK;
    do // a second call that could do nothing says why
        code = lzma_code(&m_stream, input == Input::Last ? LZMA_FINISH : LZMA_RUN);
    while (code == LZMA_OK && m_stream.avail_in == in.size() && m_stream.avail_out == out.size());
    m_isComplete = code == LZMA_STREAM_END;
    if (code != LZMA_OK && !m_isComplete)
        return wrong(code, m_stream);
    return Step{qint64(in.size() - m_stream.avail_in), qint64(out.size() - m_stream.avail_out)};
}

Result<qint64> XzDecoder::imageSize(const ImageFile &file)
{
    lzma_stream stream = LZMA_STREAM_INIT;
    lzma_index *index = nullptr;
    const auto free = qScopeGuard([&] {
        lzma_end(&stream);
        lzma_index_end(index, nullptr);
    });
    if (lzma_file_info_decoder(&stream, &index, IndexMemory, quint64(file.size())) != LZMA_OK)
        return fail(ErrorCode::Internal, u"no xz index decoder could be made"_s);
    std::array<char, 32768> buffer;
    qint64 position = 0;
    lzma_ret code = LZMA_OK;
    while (code == LZMA_OK || code == LZMA_SEEK_NEEDED) {
        if (code == LZMA_SEEK_NEEDED) {
            position = qint64(stream.seek_pos);
            stream.avail_in = 0;
        }
        if (stream.avail_in == 0) {
            const auto count = file.readAt(position, buffer);
            if (!count)
                return fail(count.error());
            position += *count;
            stream.next_in = unsignedBytes(buffer.data());
            stream.avail_in = size_t(*count);
        }
        code = lzma_code(&stream, LZMA_RUN);
    }
    if (code != LZMA_STREAM_END) {
        const Error error = wrong(code, stream).value();
        return fail(error.code, u"%1: no whole xz file: %2"_s.arg(file.path(), error.context));
    }
    return qint64(lzma_index_uncompressed_size(index));
}

} // namespace core
