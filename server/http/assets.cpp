#include "server/http/assets.h"

#include "server/http/gzip.h"

#include <QDirIterator>
#include <QFile>

#include <array>

namespace server {

using namespace Qt::StringLiterals;

namespace {

struct Asset {
    QByteArray packed;
    QByteArray type;
    QByteArray cacheControl;
    bool isPage = false;
};

struct ContentType {
    QLatin1StringView suffix;
    QByteArrayView type;
};
constexpr std::array<ContentType, 12> ContentTypes{{
    {".html"_L1, "text/html; charset=utf-8"},
    {".js"_L1, "text/javascript; charset=utf-8"},
    {".css"_L1, "text/css; charset=utf-8"},
    {".svg"_L1, "image/svg+xml"},
    {".png"_L1, "image/png"},
    {".ico"_L1, "image/x-icon"},
    {".webp"_L1, "image/webp"},
    {".woff2"_L1, "font/woff2"},
    {".json"_L1, "application/json"},
    {".webmanifest"_L1, "application/manifest+json"},
    {".txt"_L1, "text/plain; charset=utf-8"},
    {".map"_L1, "application/json"},
}};

QByteArray contentTypeOf(const QString &path)
{
    for (const ContentType &row : ContentTypes)
        if (path.endsWith(row.suffix))
            return row.type.toByteArray();
    return "application/octet-stream";
}

/// Scripts, styles and connections of our own only. `'self'` means WebSockets too in new browsers
/// only, so they are named.
QByteArray pagePolicy(const QByteArray &host)
{
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
           "connect-src 'self' ws://"
        + host + " wss://" + host
        + "; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

Response answerAsset(const Asset &asset, const Request &request)
{
    Response response{.headers = {{"Content-Type", asset.type},
                                  {"Cache-Control", asset.cacheControl},
                                  {"Vary", "Accept-Encoding"}}};
    if (asset.isPage)
        response.headers.push_back({"Content-Security-Policy", pagePolicy(request.header("Host"))});
    if (acceptsGzip(request.header("Accept-Encoding"))) {
        response.headers.push_back({"Content-Encoding", "gzip"});
        response.body = asset.packed;
        return response;
    }
    auto plain = gunzip(asset.packed);
    if (!plain)
        return problem(500, "internal", u"The file is damaged."_s);
    response.body = std::move(*plain);
    return response;
}

core::Result<std::shared_ptr<const Asset>> readAsset(const QString &file, const QString &path)
{
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly))
        return core::fail(core::ErrorCode::FileAccess, u"%1: %2"_s.arg(file, source.errorString()));
    const bool isHashed = path.startsWith("/assets/"_L1);
    return std::make_shared<const Asset>(
        Asset{.packed = source.readAll(),
              .type = contentTypeOf(path),
              .cacheControl = isHashed ? "public, max-age=31536000, immutable" : "no-store",
              .isPage = path.endsWith(".html"_L1)});
}

} // namespace

core::Result<int> addAssetRoutes(Router &router, const QString &prefix)
{
    router.add("GET", u"/healthz"_s, {.isPublic = true}, [](Exchange &exchange) {
        exchange.respond({.headers = {{"Content-Type", "text/plain"}}, .body = "ok\n"});
    });
    int count = 0;
    QDirIterator files(prefix, {u"*.gz"_s}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString file = files.next();
        const QString path = file.sliced(prefix.size()).chopped(3);
        const auto asset = readAsset(file, path);
        if (!asset)
            return core::fail(asset.error());
        const auto answer = [asset = *asset](Exchange &exchange) {
            exchange.respond(answerAsset(*asset, exchange.request()));
        };
        router.add("GET", path, {.isPublic = true}, answer);
        if (path == "/index.html"_L1)
            router.add("GET", u"/"_s, {.isPublic = true}, answer);
        ++count;
    }
    return count;
}

} // namespace server
