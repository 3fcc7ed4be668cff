#include "server/http/responsehead.h"

#include "server/http/httpdate.h"

#include <algorithm>
#include <array>

namespace server {

namespace {

struct Reason {
    int status;
    QByteArrayView text;
};

constexpr std::array<Reason, 29> Reasons{{
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
}};

/// Added when the answer does not say otherwise.
struct DefaultHeader {
    QByteArrayView name;
    QByteArrayView value;
};
constexpr std::array<DefaultHeader, 7> SecurityHeaders{{
    {"Cache-Control", "no-store"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"},
}};

QByteArrayView reasonOf(int status)
{
    const auto row = std::find_if(Reasons.begin(), Reasons.end(), [status](const Reason &reason) {
        return reason.status == status;
    });
    return row == Reasons.end() ? QByteArrayView("Status") : row->text;
}

void append(QByteArray &head, QByteArrayView name, QByteArrayView value)
{
    head.append(name).append(": ");
    for (const char c : value)
        if (c != '\r' && c != '\n' && c != '\0')
            head.append(c);
    head.append("\r\n");
}

bool hasHeader(const Response &response, QByteArrayView name)
{
    return std::any_of(response.headers.begin(), response.headers.end(),
                       [name](const Header &header) {
                           return name.compare(header.name, Qt::CaseInsensitive) == 0;
                       });
}

void appendFraming(QByteArray &head, const Response &response, const HeadFacts &facts)
{
    if (facts.contentLength && !isBodiless(response.status))
        append(head, "Content-Length", QByteArray::number(*facts.contentLength));
    if (!facts.contentLength && facts.minorVersion >= 1)
        append(head, "Transfer-Encoding", "chunked");
    if (!facts.isKeptAlive)
        append(head, "Connection", "close");
    else if (facts.minorVersion == 0)
        append(head, "Connection", "keep-alive");
}

void appendCors(QByteArray &head, const HeadFacts &facts)
{
    if (facts.allowedOrigin.isEmpty())
        return;
    append(head, "Access-Control-Allow-Origin", facts.allowedOrigin);
    append(head, "Access-Control-Expose-Headers",
           "Content-Disposition, Content-Range, ETag, Last-Modified, Retry-After");
}

} // namespace

bool isBodiless(int status)
{
    return status < 200 || status == 204 || status == 304;
}

QByteArray responseHead(const Response &response, const HeadFacts &facts)
{
    QByteArray head;
    head.reserve(768);
    head.append("HTTP/1.1 ").append(QByteArray::number(response.status)).append(' ');
    head.append(reasonOf(response.status)).append("\r\n");
    append(head, "Date", httpDate(facts.nowSeconds));
    for (const Header &header : response.headers)
        append(head, header.name, header.value);
    for (const DefaultHeader &header : SecurityHeaders)
        if (!hasHeader(response, header.name))
            append(head, header.name, header.value);
    // Caches must not hand one Origin's answer to another.
    append(head, "Vary", "Origin");
    appendCors(head, facts);
    appendFraming(head, response, facts);
    return head.append("\r\n");
}

} // namespace server
