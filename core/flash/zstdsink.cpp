#include "core/flash/zstdsink.h"

#include <QtEndian>

#include <zstd.h>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr int Level = 3; // zstd's own choice: faster than a stick reads
constexpr quint32 TableMagic = 0x184D2A5E; // of a skippable frame
constexpr quint32 FooterMagic = 0x8F92EAB1;
constexpr qsizetype FooterBytes = 9;

void appendNumber(QByteArray &bytes, quint32 number)
{
    const quint32 little = qToLittleEndian(number);
    bytes.append(reinterpret_cast<const char *>(&little), sizeof little);
}

} // namespace

void ZstdSink::Free::operator()(ZSTD_CCtx_s *context) const
{
    ZSTD_freeCCtx(context);
}

ZstdSink::ZstdSink(ImageTarget &target, ZSTD_CCtx_s *context)
    : m_target(target)
    , m_context(context)
    , m_packed(ZSTD_compressBound(size_t(PieceBytes)))
{ }

Result<std::unique_ptr<ImageSink>> ZstdSink::make(ImageTarget &target)
{
    std::unique_ptr<ZstdSink> sink(new ZstdSink(target, ZSTD_createCCtx()));
    ZSTD_CCtx_s *context = sink->m_context.get();
    const bool isReady = context
        && !ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Level))
        && !ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1));
    if (!isReady)
        return fail(ErrorCode::Internal, u"no zstd encoder could be made"_s);
    return sink;
}

Result<void> ZstdSink::begin(qint64)
{
    return {}; // how much room it takes, only packing tells
}

Result<void> ZstdSink::write(const DrivePiece &piece)
{
    const size_t packed =
        ZSTD_compress2(m_context.get(), m_packed.data(), m_packed.size(),
                       piece.buffer->first(piece.bytes).data(), size_t(piece.bytes));
    if (ZSTD_isError(packed))
        return fail(ErrorCode::Internal,
                    u"packing with zstd: %1"_s.arg(QLatin1StringView(ZSTD_getErrorName(packed))));
    appendNumber(m_entries, quint32(packed));
    appendNumber(m_entries, quint32(piece.bytes));
    ++m_frames;
    return append(std::span(m_packed).first(packed));
}

Result<QByteArray> ZstdSink::finish()
{
    QByteArray table;
    appendNumber(table, TableMagic);
    appendNumber(table, quint32(m_entries.size() + FooterBytes));
    table += m_entries;
    appendNumber(table, m_frames);
    table += '\0'; // no checksums in the table: the frames have them
    appendNumber(table, FooterMagic);
    return append(table).map([this] { return m_sha256.finish(); });
}

Result<void> ZstdSink::append(std::span<const char> bytes)
{
    const auto written = m_target.write(m_position, bytes);
    m_position += qint64(bytes.size());
    m_sha256.add(bytes);
    return written;
}

} // namespace core
