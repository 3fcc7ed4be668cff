#include "core/download/downloadspecjson.h"

#include "core/base/memberjson.h"
#include "core/base/wrongvalue.h"
#include "core/download/afteractionjson.h"
#include "core/download/piecehashesjson.h"
#include "core/download/requestspecjson.h"

#include <QJsonArray>

#include <array>

namespace core {
namespace {

using namespace Qt::StringLiterals;

Result<QList<QUrl>> readMirrors(const QJsonObject &object)
{
    const QJsonValue value = object.value("mirrors"_L1);
    if (!value.isUndefined() && !value.isNull() && !value.isArray())
        return wrongValue("mirrors"_L1, valueText(value), "a list of URLs");
    QList<QUrl> mirrors;
    for (const QJsonValue url : value.toArray()) {
        mirrors.append(QUrl(url.toString().trimmed(), QUrl::TolerantMode));
        if (!url.isString())
            return wrongValue("mirrors"_L1, valueText(url), "a URL");
    }
    return mirrors;
}

Result<QList<HeaderLine>> readHeaders(const QJsonObject &object)
{
    const QJsonValue value = object.value("headers"_L1);
    if (value.isUndefined() || value.isNull())
        return QList<HeaderLine>();
    if (!value.isObject())
        return wrongValue("headers"_L1, valueText(value), "an object of names and values");
    QList<HeaderLine> lines;
    const QJsonObject headers = value.toObject();
    for (auto it = headers.constBegin(); it != headers.constEnd(); ++it) {
        if (!it.value().isString())
            return wrongValue("headers"_L1, it.key(), "a header with a string as its value");
        lines.append({it.key(), it.value().toString()});
    }
    return lines;
}

Result<std::optional<IfExists>> readIfExists(const QJsonObject &object)
{
    const auto text = readText(object, "ifExists"_L1);
    if (!text)
        return fail(text.error());
    const auto choice = ifExistsFromName(*text);
    if (!choice && !text->isEmpty())
        return fail(ErrorCode::InvalidArgument,
                    u"ifExists: \"%1\" is not %2"_s.arg(*text, ifExistsChoices()));
    return choice;
}

Result<std::optional<Checksum>> readChecksum(const QJsonObject &object)
{
    const auto text = readText(object, "checksum"_L1);
    if (!text)
        return fail(text.error());
    if (text->isEmpty())
        return std::nullopt;
    const auto checksum = Checksum::parse(*text);
    if (!checksum)
        return fail(checksum.error().code, u"checksum: "_s + checksum.error().context);
    return *checksum;
}

/// What must be true of the file, and whether the URL is a Metalink document of several.
Result<void> readFileFacts(const QJsonObject &object, DownloadSpec &spec)
{
    auto checksum = readChecksum(object);
    if (!checksum)
        return fail(checksum.error());
    spec.checksum = std::move(*checksum);
    const QJsonValue metalink = object.value("metalink"_L1);
    if (!metalink.isUndefined() && !metalink.isNull() && !metalink.isBool())
        return wrongValue("metalink"_L1, valueText(metalink), "true or false");
    if (metalink.isBool())
        spec.isMetalink = metalink.toBool();
    spec.mayBeMedia = object.value("mayBeMedia"_L1).toBool();
    spec.isFromElsewhere = object.value("fromElsewhere"_L1).toBool();
    if (object.contains("size"_L1)) {
        const auto size = readInteger(object, "size"_L1);
        if (!size)
            return fail(size.error());
        spec.size = *size;
    }
    auto pieces = pieceHashesFromJson(object.value("pieces"_L1));
    if (!pieces)
        return fail(pieces.error());
    spec.pieces = std::move(*pieces);
    return {};
}

} // namespace

Result<DownloadSpec> downloadSpecFromJson(const QJsonObject &object)
{
    DownloadSpec spec;
    QString url;
    const std::array strings = {std::pair{"url"_L1, &url},
                                std::pair{"to"_L1, &spec.to},
                                std::pair{"name"_L1, &spec.name},
                                std::pair{"category"_L1, &spec.category},
                                std::pair{"sha256"_L1, &spec.sha256},
                                std::pair{"checksumFrom"_L1, &spec.checksumFrom}};
    for (const auto &[member, target] : strings) {
        auto text = readText(object, member);
        if (!text)
            return fail(text.error());
        *target = std::move(*text);
    }
    spec.url = QUrl(url.trimmed(), QUrl::TolerantMode);
    if (!spec.url.isValid() || spec.url.isEmpty())
        return fail(ErrorCode::InvalidUrl,
                    u"url: \"%1\" is not an absolute URL such as https://host/file"_s.arg(url));
    spec.sha256 = spec.sha256.toLower();
    const auto connections = readInteger(object, "connections"_L1);
    if (!connections)
        return fail(connections.error());
    const bool isTooMany = *connections > DownloadSpec::MaxConnections;
    if (isTooMany || (*connections < 1 && object.contains("connections"_L1)))
        return wrongValue("connections"_L1, QString::number(*connections), "from 1 to 32");
    spec.connections = int(*connections);
    const auto limit = readInteger(object, "bytesPerSecond"_L1);
    if (!limit)
        return fail(limit.error());
    spec.bytesPerSecond = *limit;
    auto mirrors = readMirrors(object);
    if (!mirrors)
        return fail(mirrors.error());
    spec.mirrors = std::move(*mirrors);
    auto headers = readHeaders(object);
    if (!headers)
        return fail(headers.error());
    spec.headers = std::move(*headers);
    auto request = requestSpecFromJson(object);
    if (!request)
        return fail(request.error());
    spec.request = std::move(*request);
    const auto ifExists = readIfExists(object);
    if (!ifExists)
        return fail(ifExists.error());
    spec.ifExists = *ifExists;
    const auto ofFile = readFileFacts(object, spec);
    if (!ofFile)
        return fail(ofFile.error());
    auto after = afterActionsFromJson(object.value("after"_L1));
    if (!after)
        return fail(after.error());
    spec.after = std::move(*after);
    if (const auto checked = checkSpec(spec); !checked)
        return fail(checked.error());
    return spec;
}

QJsonObject toJson(const DownloadSpec &spec)
{
    QJsonObject object;
    object.insert("url"_L1, spec.url.toString(QUrl::FullyEncoded));
    const auto put = [&object](QLatin1StringView member, const QString &text) {
        if (!text.isEmpty())
            object.insert(member, text);
    };
    put("to"_L1, spec.to);
    put("category"_L1, spec.category);
    put("name"_L1, spec.name);
    put("sha256"_L1, spec.sha256);
    put("checksumFrom"_L1, spec.checksumFrom);
    if (spec.checksum)
        object.insert("checksum"_L1, spec.checksum->toText());
    if (spec.connections > 0)
        object.insert("connections"_L1, spec.connections);
    if (spec.bytesPerSecond > 0)
        object.insert("bytesPerSecond"_L1, spec.bytesPerSecond);
    if (!spec.after.isEmpty())
        object.insert("after"_L1, toJson(spec.after));
    if (spec.ifExists)
        object.insert("ifExists"_L1, ifExistsName(*spec.ifExists));
    if (spec.isMetalink)
        object.insert("metalink"_L1, *spec.isMetalink);
    if (spec.mayBeMedia)
        object.insert("mayBeMedia"_L1, true);
    if (spec.isFromElsewhere)
        object.insert("fromElsewhere"_L1, true);
    if (spec.size >= 0)
        object.insert("size"_L1, spec.size);
    if (spec.pieces)
        object.insert("pieces"_L1, toJson(*spec.pieces));
    QJsonArray mirrors;
    for (const QUrl &mirror : spec.mirrors)
        mirrors.append(mirror.toString(QUrl::FullyEncoded));
    if (!mirrors.isEmpty())
        object.insert("mirrors"_L1, mirrors);
    QJsonObject headers;
    for (const HeaderLine &line : spec.headers)
        headers.insert(line.name, line.value);
    if (!headers.isEmpty())
        object.insert("headers"_L1, headers);
    insertInto(object, spec.request);
    return object;
}

} // namespace core
