#pragma once
#include "tests/core/download/downloadbench.h"
#include "tests/support/fakehttpserver.h"

#include <QTest>

// What servers get wrong, as functions on the right answer: the fault matrix.

namespace tests {

using namespace core;

using Script = FakeHttpServer::Script;
/// Bends the right answer into a wrong one.
using Fault = std::function<HttpReply(const HttpRequest &, HttpReply)>;

inline constexpr qsizetype SmallBytes = 300'000;
inline constexpr qsizetype LargeBytes = 12'000'000;
/// QNetworkAccessManager repeats some requests by itself.
inline constexpr int AnyNumber = -1;
inline constexpr qint64 SlowBytesPerSecond = 10'000'000;

inline Script served(const HttpFile &file, const Fault &fault)
{
    return
        [file, fault](const HttpRequest &request) { return fault(request, file.answer(request)); };
}

inline HttpReply asIs(const HttpRequest &, HttpReply reply)
{
    return reply;
}

inline HttpReply slowly(const HttpRequest &, HttpReply reply)
{
    reply.bytesPerSecond = SlowBytesPerSecond;
    return reply;
}

inline HttpReply statusOnly(int status)
{
    HttpReply reply;
    reply.status = status;
    reply.body = "<html>not your file</html>";
    return reply;
}

inline bool isLaterRange(const HttpRequest &request)
{
    return request.range() && request.range()->first > 0;
}

/// `fault` on every request that does not begin at byte 0; all answers are slow.
inline Fault onLaterRanges(Fault fault)
{
    return [fault = std::move(fault)](const HttpRequest &request, HttpReply reply) {
        return slowly(request, isLaterRange(request) ? fault(request, std::move(reply)) : reply);
    };
}

/// `fault` on the first `count` requests.
inline Fault atFirst(int count, Fault fault)
{
    return [count, fault = std::move(fault)](const HttpRequest &request, HttpReply reply) {
        return request.number < count ? fault(request, std::move(reply)) : reply;
    };
}

inline Fault onRanges(Fault fault)
{
    return [fault = std::move(fault)](const HttpRequest &request, HttpReply reply) {
        return request.range() ? fault(request, std::move(reply)) : reply;
    };
}

inline HttpReply contentRangeShifted(const HttpRequest &request, HttpReply reply)
{
    if (reply.status != 206 || !request.range())
        return reply;
    const qint64 first = request.range()->first + 1;
    for (auto &[name, value] : reply.headers)
        if (name == "Content-Range")
            value = "bytes " + QByteArray::number(first) + value.sliced(value.indexOf('-'));
    return reply;
}

inline HttpReply fiftyBytesTooMany(const HttpRequest &request, HttpReply reply)
{
    if (reply.status != 206 || !request.range())
        return reply;
    const qint64 first = request.range()->first;
    reply.body += QByteArray(50, 'x');
    const qint64 last = first + reply.body.size() - 1;
    return reply.set("Content-Range",
                     "bytes " + QByteArray::number(first) + '-' + QByteArray::number(last) + '/'
                         + QByteArray::number(LargeBytes));
}

inline HttpReply wrongTotal(const HttpRequest &, HttpReply reply)
{
    for (auto &[name, value] : reply.headers)
        if (name == "Content-Range")
            value = value.first(value.indexOf('/')) + "/99999999";
    return reply;
}

inline HttpReply noContentRange(const HttpRequest &, HttpReply reply)
{
    reply.remove("Content-Range");
    return reply;
}

inline HttpReply gzipped(const HttpRequest &, HttpReply reply)
{
    return reply.status == 206 ? reply.set("Content-Encoding", "gzip") : reply;
}

inline HttpReply multipart(const HttpRequest &, HttpReply reply)
{
    reply.remove("Content-Range");
    return reply.set("Content-Type", "multipart/byteranges; boundary=x");
}

inline HttpReply wholeFile(const HttpFile &file)
{
    HttpReply reply;
    reply.body = file.content;
    reply.set("ETag", file.etag).set("Last-Modified", file.lastModified);
    return reply;
}

inline HttpReply refusedWith(int status)
{
    return statusOnly(status);
}

inline HttpReply cut(HttpReply reply, HttpReply::Ending ending)
{
    reply.cutAfter = reply.body.size() * 2 / 3;
    reply.ending = ending;
    return reply;
}

} // namespace tests
Q_DECLARE_METATYPE(tests::Fault)
Q_DECLARE_METATYPE(tests::HttpFile)
Q_DECLARE_METATYPE(core::ErrorCode)
