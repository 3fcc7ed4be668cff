#include "server/http/requesthead.h"

#include <QStringDecoder>

#include <algorithm>
#include <array>

namespace server {

using namespace Qt::StringLiterals;

namespace {

constexpr int BadRequest = 400;
constexpr int HeadTooLarge = 431;
constexpr int NotImplemented = 501;
constexpr int ExpectationFailed = 417;

/// The status of the first thing that is wrong, 0 when nothing is.
using Status = int;

constexpr std::array<QByteArrayView, 7> KnownMethods{"GET",   "HEAD",   "POST",   "PUT",
                                                     "PATCH", "DELETE", "OPTIONS"};

/// Fields that decide something and must not be said twice.
constexpr std::array<QByteArrayView, 11> SingleFields{
    "Host",         "Origin", "Authorization", "Content-Length",    "Transfer-Encoding",
    "Content-Type", "Expect", "Upgrade",       "Sec-WebSocket-Key", "Sec-WebSocket-Version",
    "Range"};

qsizetype countOf(const RawHead &raw, QByteArrayView name)
{
    return std::count_if(raw.headers.begin(), raw.headers.end(), [name](const Header &header) {
        return name.compare(header.name, Qt::CaseInsensitive) == 0;
    });
}

bool isVisibleAscii(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

/// A line that begins with white space continues the one before (RFC 9112 §5.2): refused.
bool hasFoldedLine(QByteArrayView head)
{
    const QByteArray bytes = QByteArray::fromRawData(head.data(), head.size());
    return bytes.contains("\n ") || bytes.contains("\n\t");
}

Status checkShape(const RawHead &raw)
{
    const qsizetype lines = std::count(raw.bytes.begin(), raw.bytes.end(), '\n') - 2;
    if (raw.bytes.size() > HeadLimit || lines > HeaderLineLimit)
        return HeadTooLarge;
    if (hasFoldedLine(raw.bytes))
        return BadRequest;
    const bool isKnown =
        std::find(KnownMethods.begin(), KnownMethods.end(), raw.method) != KnownMethods.end();
    return isKnown ? 0 : NotImplemented;
}

Status checkFields(const RawHead &raw)
{
    for (const QByteArrayView name : SingleFields)
        if (countOf(raw, name) > 1)
            return BadRequest;
    if (raw.minorVersion >= 1 && countOf(raw, "Host") != 1)
        return BadRequest;
    return 0;
}

/// The hexadecimal escapes of `text` decoded; nullopt when one is broken.
std::optional<QByteArray> percentDecoded(QByteArrayView text)
{
    const auto isHex = [](char c) { return isxdigit(static_cast<unsigned char>(c)) != 0; };
    for (qsizetype i = 0; i < text.size(); ++i)
        if (text[i] == '%' && (i + 2 >= text.size() || !isHex(text[i + 1]) || !isHex(text[i + 2])))
            return std::nullopt;
    return QByteArray::fromPercentEncoding(text.toByteArray());
}

bool hasDotSegment(const QString &path)
{
    const QList<QStringView> segments = QStringView(path).split(u'/');
    return segments.contains(u"."_s) || segments.contains(u".."_s);
}

/// The decoded path of an origin-form target; nullopt for other forms, bad escapes, control
/// characters, bytes that are not UTF-8, and dot segments, which no client of ours sends.
std::optional<QString> decodedPath(QByteArrayView target)
{
    const auto bytes = percentDecoded(target.first(std::min(target.size(), [target] {
        const qsizetype query = QByteArray::fromRawData(target.data(), target.size()).indexOf('?');
        return query < 0 ? target.size() : query;
    }())));
    if (!bytes)
        return std::nullopt;
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString path = decoder(*bytes);
    const bool hasControl = std::any_of(path.begin(), path.end(), [](QChar c) {
        return c.unicode() < 0x20 || c.unicode() == 0x7f;
    });
    if (decoder.hasError() || hasControl || hasDotSegment(path))
        return std::nullopt;
    return path;
}

Status readTarget(const RawHead &raw, Request &request)
{
    if (!raw.target.startsWith('/') || !isVisibleAscii(raw.target) || raw.target.contains('#'))
        return BadRequest;
    const auto path = decodedPath(raw.target);
    if (!path)
        return BadRequest;
    request.path = *path;
    if (const qsizetype query = raw.target.indexOf('?'); query >= 0)
        request.query = QUrlQuery(QString::fromLatin1(raw.target.sliced(query + 1)));
    return 0;
}

/// Only a single `chunked` is a transfer coding here; anything else would be read as no body by
/// Beast and as a body by someone in front of us.
Status readFraming(RequestHead &head)
{
    const Request &request = head.request;
    const QByteArray coding = request.header("Transfer-Encoding");
    const QByteArray length = request.header("Content-Length");
    if (!coding.isNull()) {
        if (head.minorVersion == 0 || !length.isNull())
            return BadRequest;
        if (coding.compare("chunked", Qt::CaseInsensitive) != 0)
            return NotImplemented;
        head.framing = RequestHead::Framing::Chunked;
        return 0;
    }
    if (length.isNull())
        return 0;
    const bool isDigits = !length.isEmpty() && length.size() <= 18
        && std::all_of(length.begin(), length.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!isDigits)
        return length.contains(',') ? BadRequest : (length.size() > 18 ? 413 : BadRequest);
    head.contentLength = length.toLongLong();
    head.framing =
        head.contentLength > 0 ? RequestHead::Framing::Length : RequestHead::Framing::None;
    return 0;
}

Status readConnection(RequestHead &head)
{
    const Request &request = head.request;
    bool isClosed = false;
    bool isKept = head.minorVersion >= 1;
    bool isUpgraded = false;
    for (const Header &header : request.headers) {
        if (header.name.compare("Connection", Qt::CaseInsensitive) != 0)
            continue;
        isClosed |= listsToken(header.value, "close");
        isKept |= listsToken(header.value, "keep-alive");
        isUpgraded |= listsToken(header.value, "upgrade");
    }
    head.isKeptAlive = isKept && !isClosed;
    head.isUpgrade = isUpgraded && listsToken(request.header("Upgrade"), "websocket");
    const QByteArray expect = request.header("Expect");
    if (expect.isNull() || head.minorVersion == 0)
        return 0;
    head.expectsContinue = expect.compare("100-continue", Qt::CaseInsensitive) == 0;
    return head.expectsContinue ? 0 : ExpectationFailed;
}

} // namespace

bool listsToken(QByteArrayView value, QByteArrayView token)
{
    const QByteArray list = value.toByteArray();
    for (const QByteArray &item : list.split(','))
        if (token.compare(item.trimmed(), Qt::CaseInsensitive) == 0)
            return true;
    return false;
}

tl::expected<RequestHead, int> vetHead(const RawHead &raw)
{
    RequestHead head;
    head.minorVersion = raw.minorVersion;
    head.request.method = raw.method;
    head.request.headers = raw.headers;
    for (const Status status : {checkShape(raw), checkFields(raw), readTarget(raw, head.request)})
        if (status != 0)
            return tl::unexpected(status);
    for (const auto read : {readFraming, readConnection})
        if (const Status status = read(head); status != 0)
            return tl::unexpected(status);
    return head;
}

} // namespace server
