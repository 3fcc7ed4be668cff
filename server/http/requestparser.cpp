#include "server/http/requestparser.h"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <limits>
#include <optional>

namespace server {

namespace beast = boost::beast;
namespace http = boost::beast::http;

struct RequestParser::Beast {
    std::optional<http::request_parser<http::string_body>> parser;
};

namespace {

/// Shortest end of a chunked body, "0\r\n\r\n". Beast asserts on 4 bytes of it after 3.
constexpr qsizetype ShortestChunkedEnd = 5;
/// Beast's own limit, above ours, so that ours is the one that answers.
constexpr std::uint32_t BeastHeadLimit = 64 * 1024;

int statusOf(const beast::error_code &error)
{
    if (error == http::error::body_limit)
        return 413;
    if (error == http::error::header_limit)
        return 431;
    if (error == http::error::bad_version)
        return 505;
    return 400;
}

QByteArray bytesOf(beast::string_view text)
{
    // Never null: a header that is there and empty differs from one that is missing.
    return QByteArray(text.data() ? text.data() : "", qsizetype(text.size()));
}

} // namespace

RequestParser::RequestParser()
    : m_beast(std::make_unique<Beast>())
{
    reset();
}

RequestParser::~RequestParser() = default;

void RequestParser::reset()
{
    m_beast->parser.emplace();
    m_beast->parser->header_limit(BeastHeadLimit);
    // Not boost::none, which 1.74 compares as smaller than any length.
    m_beast->parser->body_limit(std::numeric_limits<std::uint64_t>::max());
    m_beast->parser->eager(false);
    m_head = {};
    m_taken = 0;
    m_headLength = 0;
    m_error = 0;
}

qsizetype RequestParser::put(QByteArrayView bytes)
{
    beast::error_code error;
    std::size_t taken = 0;
    try {
        taken = m_beast->parser->put({bytes.data(), std::size_t(bytes.size())}, error);
    } catch (const std::exception &) {
        m_error = 400; // std::length_error of a field over 64 KiB
        return 0;
    }
    if (error && error != http::error::need_more)
        m_error = statusOf(error);
    return qsizetype(taken);
}

void RequestParser::putHead(QByteArrayView window)
{
    const QByteArrayView unread = window.sliced(m_taken);
    if (unread.isEmpty() || m_error != 0)
        return;
    m_taken += put(unread);
    if (m_error != 0)
        return;
    if (m_beast->parser->is_header_done())
        finishHead(window.first(m_taken));
    else if (window.size() >= HeadLimit)
        m_error = 431;
}

void RequestParser::finishHead(QByteArrayView window)
{
    const auto &message = m_beast->parser->get();
    RawHead raw{.method = bytesOf(message.method_string()),
                .target = bytesOf(message.target()),
                .minorVersion = int(message.version() % 10),
                .headers = {},
                .bytes = window};
    for (const auto &field : message)
        raw.headers.push_back({bytesOf(field.name_string()), bytesOf(field.value())});
    auto vetted = vetHead(raw);
    if (!vetted) {
        m_error = vetted.error();
        return;
    }
    m_head = std::move(*vetted);
    m_headLength = window.size();
}

void RequestParser::beginBody(qint64 bodyLimit)
{
    if (m_head.contentLength > bodyLimit)
        m_error = 413;
    m_beast->parser->body_limit(std::uint64_t(bodyLimit));
    m_beast->parser->eager(true);
}

qsizetype RequestParser::putBody(QByteArrayView bytes)
{
    const bool isChunked = m_head.framing == RequestHead::Framing::Chunked;
    qsizetype taken = 0;
    // put() stops after each part of the body in some states; go on while it moves.
    while (m_error == 0 && !isDone() && taken < bytes.size()) {
        const QByteArrayView rest = bytes.sliced(taken);
        if (isChunked && rest.size() < ShortestChunkedEnd)
            break;
        const qsizetype step = put(rest);
        if (step == 0)
            break;
        taken += step;
    }
    if (isChunked && !isDone() && bytes.size() - taken > OpenLineLimit)
        m_error = m_error != 0 ? m_error : 400;
    return taken;
}

bool RequestParser::isDone() const
{
    return m_error == 0 && m_headLength > 0 && m_beast->parser->is_done();
}

Request RequestParser::takeRequest()
{
    m_head.request.body = QByteArray::fromStdString(m_beast->parser->get().body());
    return std::move(m_head.request);
}

} // namespace server
