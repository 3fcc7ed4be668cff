#include "server/dialects/native/askedspec.h"

#include "core/base/proxyaddress.h"
#include "core/base/shownurl.h"
#include "core/storedspecjson.h"

#include <QJsonArray>

#include <algorithm>
#include <array>

namespace server {
namespace {

using namespace Qt::StringLiterals;

/// Request headers whose values are nobody's secret; any other's may be.
constexpr std::array OpenHeaders{"accept"_L1, "accept-language"_L1, "origin"_L1, "user-agent"_L1,
                                 "x-requested-with"_L1};

bool isOpen(const QString &name)
{
    return std::ranges::any_of(OpenHeaders, [&name](QLatin1StringView open) {
        return name.compare(open, Qt::CaseInsensitive) == 0;
    });
}

QString shownHeader(const core::HeaderLine &line)
{
    if (line.name.compare("referer"_L1, Qt::CaseInsensitive) == 0)
        return core::shownUrl(QUrl(line.value));
    return isOpen(line.name) ? line.value : QString();
}

QJsonObject headersOf(const core::DownloadSpec &spec)
{
    QJsonObject headers;
    for (const core::HeaderLine &line : spec.headers)
        headers.insert(line.name, shownHeader(line));
    return headers;
}

QJsonArray mirrorsOf(const core::DownloadSpec &spec)
{
    QJsonArray mirrors;
    for (const QUrl &mirror : spec.mirrors)
        mirrors.append(core::shownUrl(mirror));
    return mirrors;
}

QString checksumOf(const core::DownloadSpec &spec)
{
    if (spec.checksum)
        return spec.checksum->toText();
    return spec.sha256.isEmpty() ? QString() : "sha-256:"_L1 + spec.sha256;
}

/// Without the login.
QString proxyOf(const core::RequestSpec &request)
{
    const auto proxy = core::ProxyAddress::parse(request.proxy);
    return request.proxy.isEmpty() || !proxy ? QString() : proxy->shown();
}

QJsonObject objectOf(const core::DownloadSpec &spec)
{
    QJsonObject object;
    const auto put = [&object](QLatin1StringView member, const QString &text) {
        if (!text.isEmpty())
            object.insert(member, text);
    };
    put("checksum"_L1, checksumOf(spec));
    put("category"_L1, spec.category);
    put("ifExists"_L1, spec.ifExists ? QString(core::ifExistsName(*spec.ifExists)) : QString());
    put("userAgent"_L1, spec.request.userAgent);
    put("referer"_L1, core::shownUrl(QUrl(spec.request.referer)));
    put("user"_L1, spec.request.user);
    put("proxy"_L1, proxyOf(spec.request));
    if (spec.connections > 0)
        object.insert("connections"_L1, spec.connections);
    if (!spec.mirrors.isEmpty())
        object.insert("mirrors"_L1, mirrorsOf(spec));
    if (!spec.headers.isEmpty())
        object.insert("headers"_L1, headersOf(spec));
    return object;
}

} // namespace

QJsonObject askedSpec(const core::JobSnapshot &job)
{
    if (job.kind == core::JobKind::Download)
        if (const auto spec = core::decodeDownloadSpec(job.spec))
            return objectOf(*spec);
    if (job.kind == core::JobKind::Media)
        if (const auto spec = core::decodeMediaSpec(job.spec))
            return objectOf(spec->page);
    return {};
}

} // namespace server
