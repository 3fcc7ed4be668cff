#include "core/download/downloadspecjson.h"

#include "core/base/digest.h"
#include "core/download/afteractionjson.h"
#include "core/download/filename.h"
#include "core/download/requestspecjson.h"

#include <QDir>
#include <QJsonArray>

#include <algorithm>
#include <array>

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr int MaxConnections = 32;
constexpr qsizetype MaxMirrors = 16;
constexpr double MaxExactInteger = 9007199254740992.0; // 2^53, RFC 8259 §6

/// Set by the engine for every request; a hand-set one would void the accept rule or the framing.
constexpr std::array OwnHeaders = std::to_array<QLatin1StringView>(
    {"host"_L1, "content-length"_L1, "transfer-encoding"_L1, "range"_L1, "if-range"_L1,
     "accept-encoding"_L1, "connection"_L1, "te"_L1, "upgrade"_L1, "expect"_L1});

tl::unexpected<Error> wrong(QLatin1StringView member, const QString &value, const char *right)
{
    return fail(ErrorCode::InvalidArgument,
                u"%1: \"%2\" is not %3"_s.arg(member, value, QLatin1StringView(right)));
}

QString valueText(const QJsonValue &value)
{
    return value.isString() ? value.toString() : value.toVariant().toString();
}

Result<QString> readString(const QJsonObject &object, QLatin1StringView member)
{
    const QJsonValue value = object.value(member);
    if (value.isUndefined() || value.isNull())
        return QString();
    if (!value.isString())
        return wrong(member, valueText(value), "a string");
    return value.toString();
}

Result<qint64> readInteger(const QJsonObject &object, QLatin1StringView member)
{
    const QJsonValue value = object.value(member);
    if (value.isUndefined() || value.isNull())
        return 0;
    const double number = value.toDouble(-1);
    if (!value.isDouble() || number < 0 || number > MaxExactInteger
        || number != double(value.toInteger(-1)))
        return wrong(member, valueText(value), "a whole number, 0 or more");
    return value.toInteger();
}

Result<QList<QUrl>> readMirrors(const QJsonObject &object)
{
    const QJsonValue value = object.value("mirrors"_L1);
    if (!value.isUndefined() && !value.isNull() && !value.isArray())
        return wrong("mirrors"_L1, valueText(value), "a list of URLs");
    QList<QUrl> mirrors;
    for (const QJsonValue url : value.toArray()) {
        mirrors.append(QUrl(url.toString().trimmed(), QUrl::TolerantMode));
        if (!url.isString())
            return wrong("mirrors"_L1, valueText(url), "a URL");
    }
    return mirrors;
}

Result<QList<HeaderLine>> readHeaders(const QJsonObject &object)
{
    const QJsonValue value = object.value("headers"_L1);
    if (value.isUndefined() || value.isNull())
        return QList<HeaderLine>();
    if (!value.isObject())
        return wrong("headers"_L1, valueText(value), "an object of names and values");
    QList<HeaderLine> lines;
    const QJsonObject headers = value.toObject();
    for (auto it = headers.constBegin(); it != headers.constEnd(); ++it) {
        if (!it.value().isString())
            return wrong("headers"_L1, it.key(), "a header with a string as its value");
        lines.append({it.key(), it.value().toString()});
    }
    return lines;
}

Result<std::optional<IfExists>> readIfExists(const QJsonObject &object)
{
    const auto text = readString(object, "ifExists"_L1);
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
    const auto text = readString(object, "checksum"_L1);
    if (!text)
        return fail(text.error());
    if (text->isEmpty())
        return std::nullopt;
    const auto checksum = Checksum::parse(*text);
    if (!checksum)
        return fail(checksum.error().code, u"checksum: "_s + checksum.error().context);
    return *checksum;
}

Result<void> checkUrl(QLatin1StringView member, const QUrl &url)
{
    const QString text = url.toString(QUrl::RemoveUserInfo);
    if (!url.isValid() || url.isEmpty() || url.isRelative())
        return fail(
            ErrorCode::InvalidUrl,
            u"%1: \"%2\" is not an absolute URL such as https://host/file"_s.arg(member, text));
    if (url.scheme() != "http"_L1 && url.scheme() != "https"_L1)
        return fail(ErrorCode::UnsupportedScheme,
                    u"%1: \"%2\" has the scheme %3; http and https are supported"_s.arg(
                        member, text, url.scheme()));
    if (url.host().isEmpty())
        return fail(ErrorCode::InvalidUrl, u"%1: \"%2\" names no host"_s.arg(member, text));
    return {};
}

Result<void> checkChecksumFrom(const DownloadSpec &spec)
{
    if (spec.checksumFrom.isEmpty())
        return {};
    if (!spec.sha256.isEmpty() || spec.checksum)
        return fail(ErrorCode::InvalidArgument,
                    u"checksumFrom: a checksum is given too; give only one"_s);
    return spec.checksumFrom == "auto"_L1 ? Result<void>()
                                          : checkUrl("checksumFrom"_L1, QUrl(spec.checksumFrom));
}

Result<void> checkName(const QString &name)
{
    const bool isControlled =
        std::ranges::any_of(name, [](QChar c) { return c.category() == QChar::Other_Control; });
    if (name.contains(u'/') || isControlled || name == "."_L1 || name == ".."_L1)
        return wrong("name"_L1, name, "a file name (no \"/\", no control characters)");
    if (isNameOfPart(name))
        return wrong("name"_L1, name, "a name that a part file or its journal could not have");
    if (name.toUtf8().size() > MaxFileNameBytes)
        return wrong("name"_L1, name, "at most 230 bytes long");
    return {};
}

/// Folders that media and extract jobs work in.
bool isInWorkFolder(const QString &folder)
{
    const QStringList parts = QDir::cleanPath(folder).split(u'/');
    return std::ranges::any_of(parts, [](const QString &part) {
        return part.startsWith(".media-"_L1) || part.startsWith(".extracting-"_L1);
    });
}

/// field-name = token, RFC 9110 §5.6.2.
bool isToken(const QString &text)
{
    return !text.isEmpty() && std::ranges::all_of(text, [](QChar c) {
        return c > u' ' && c < u'\x7f' && !u"\"(),/:;<=>?@[\\]{}"_s.contains(c);
    });
}

Result<void> checkHeader(const HeaderLine &line)
{
    if (!isToken(line.name))
        return wrong("headers"_L1, line.name, "a header name");
    if (std::ranges::find(OwnHeaders, line.name.toLower()) != OwnHeaders.end())
        return wrong("headers"_L1, line.name, "a header that may be set by hand");
    for (const QChar c : line.value)
        if (c == u'\r' || c == u'\n' || c.isNull())
            return wrong("headers"_L1, line.name, "a header without line ends or NUL in its value");
    return {};
}

} // namespace

Result<void> checkSpec(const DownloadSpec &spec)
{
    if (const auto checked = checkUrl("url"_L1, spec.url); !checked)
        return checked;
    for (const QUrl &mirror : spec.mirrors)
        if (const auto checked = checkUrl("mirrors"_L1, mirror); !checked)
            return checked;
    if (spec.mirrors.size() > MaxMirrors)
        return wrong("mirrors"_L1, QString::number(spec.mirrors.size()), "at most 16");
    if (const auto checked = checkName(spec.name); !checked)
        return checked;
    if (isInWorkFolder(spec.to))
        return wrong("to"_L1, spec.to, "a folder for files (Dray works in this one)");
    if (!spec.to.isEmpty() && !QDir::isAbsolutePath(spec.to))
        return wrong("to"_L1, spec.to, "an absolute folder");
    for (const AfterAction &action : spec.after)
        if (isInWorkFolder(action.folder))
            return wrong("after"_L1, action.folder, "a folder for files (Dray works in this one)");
    if (!spec.sha256.isEmpty() && !isSha256Hex(spec.sha256))
        return wrong("sha256"_L1, spec.sha256, "64 hexadecimal digits");
    if (!spec.sha256.isEmpty() && spec.checksum)
        return fail(ErrorCode::InvalidArgument, u"checksum: sha256 is given too; give only one"_s);
    if (const auto checked = checkChecksumFrom(spec); !checked)
        return checked;
    if (spec.connections < 0 || spec.connections > MaxConnections)
        return wrong("connections"_L1, QString::number(spec.connections), "from 1 to 32");
    if (spec.bytesPerSecond < 0)
        return wrong("bytesPerSecond"_L1, QString::number(spec.bytesPerSecond), "0 or more");
    for (const HeaderLine &line : spec.headers)
        if (const auto checked = checkHeader(line); !checked)
            return checked;
    if (!spec.request.user.isEmpty() && !spec.url.userInfo().isEmpty())
        return fail(ErrorCode::InvalidArgument,
                    u"user: the URL has a user name too; give only one"_s);
    return checkRequest(spec.request, spec.headers);
}

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
        auto text = readString(object, member);
        if (!text)
            return fail(text.error());
        *target = std::move(*text);
    }
    spec.url = QUrl(url.trimmed(), QUrl::TolerantMode);
    if (!spec.url.isValid() || spec.url.isEmpty())
        return fail(ErrorCode::InvalidUrl,
                    u"url: \"%1\" is not an absolute URL such as https://host/file"_s.arg(url));
    spec.sha256 = spec.sha256.toLower();
    auto checksum = readChecksum(object);
    if (!checksum)
        return fail(checksum.error());
    spec.checksum = std::move(*checksum);
    const auto connections = readInteger(object, "connections"_L1);
    if (!connections)
        return fail(connections.error());
    if (*connections > MaxConnections || (*connections < 1 && object.contains("connections"_L1)))
        return wrong("connections"_L1, QString::number(*connections), "from 1 to 32");
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
