#include "server/http/gzip.h"

#include <QByteArrayList>

#include <zlib.h>

#include <array>
#include <limits>

namespace server {

using namespace Qt::StringLiterals;

namespace {

/// zlib's window bits for a gzip header and trailer.
constexpr int GzipFormat = 15 + 16;

Bytef *bytesOf(const QByteArray &bytes)
{
    // zlib's input pointer is const in its use only.
    return reinterpret_cast<Bytef *>(const_cast<char *>(bytes.constData()));
}

/// The quality `item` gives itself, 1 when it says nothing.
double qualityOf(const QByteArray &item)
{
    for (const QByteArray &part : item.split(';').mid(1))
        if (const QByteArray parameter = part.trimmed(); parameter.startsWith("q="))
            return parameter.sliced(2).toDouble();
    return 1;
}

} // namespace

bool acceptsGzip(QByteArrayView acceptEncoding)
{
    double quality = 0;
    bool isNamed = false;
    for (const QByteArray &item : acceptEncoding.toByteArray().toLower().split(',')) {
        const QByteArray coding = item.split(';').first().trimmed();
        const bool isGzip = coding == "gzip" || coding == "x-gzip";
        if (!isGzip && (coding != "*" || isNamed))
            continue;
        quality = qualityOf(item);
        isNamed = isNamed || isGzip;
    }
    return quality > 0;
}

core::Result<QByteArray> gunzip(const QByteArray &packed)
{
    z_stream stream = {};
    if (inflateInit2(&stream, GzipFormat) != Z_OK)
        return core::fail(core::ErrorCode::Internal, u"inflateInit2"_s);
    stream.next_in = bytesOf(packed);
    stream.avail_in = uInt(packed.size());
    QByteArray result;
    std::array<char, 16384> block{};
    int status = Z_OK;
    while (status == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef *>(block.data());
        stream.avail_out = uInt(block.size());
        status = inflate(&stream, Z_NO_FLUSH);
        result.append(block.data(), qsizetype(block.size() - stream.avail_out));
    }
    inflateEnd(&stream);
    if (status != Z_STREAM_END)
        return core::fail(core::ErrorCode::ProtocolViolation, u"damaged gzip file"_s);
    return result;
}

QByteArray gzip(const QByteArray &bytes)
{
    z_stream stream = {};
    constexpr int MemoryLevel = 8; // zlib's default
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, GzipFormat, MemoryLevel, Z_DEFAULT_STRATEGY)
        != Z_OK)
        return {};
    QByteArray result(qsizetype(deflateBound(&stream, uLong(bytes.size()))), Qt::Uninitialized);
    stream.next_in = bytesOf(bytes);
    stream.avail_in = uInt(bytes.size());
    stream.next_out = reinterpret_cast<Bytef *>(result.data());
    stream.avail_out = uInt(result.size());
    const int status = deflate(&stream, Z_FINISH);
    result.truncate(qsizetype(stream.total_out));
    deflateEnd(&stream);
    return status == Z_STREAM_END ? result : QByteArray();
}

} // namespace server
