#include "core/download/downloadspec.h"

#include "core/base/digest.h"
#include "core/base/shownurl.h"
#include "core/base/wrongvalue.h"
#include "core/download/filename.h"

#include <QDir>

#include <algorithm>
#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// Set by the engine for every request; a hand-set one would void the accept rule or the framing.
constexpr std::array OwnHeaders = std::to_array<QLatin1StringView>(
    {"host"_L1, "content-length"_L1, "transfer-encoding"_L1, "range"_L1, "if-range"_L1,
     "accept-encoding"_L1, "connection"_L1, "te"_L1, "upgrade"_L1, "expect"_L1});

Result<void> checkUrl(QLatin1StringView member, const QUrl &url)
{
    const QString text = QUrl::fromPercentEncoding(shownUrl(url).toUtf8()); // as it was typed
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

/// The URL, and what goes with it when it is a Metalink document.
Result<void> checkSource(const DownloadSpec &spec)
{
    if (!spec.isMetalink.value_or(false))
        return checkUrl("url"_L1, spec.url);
    if (const QLatin1StringView member = memberOfOneFile(spec); !member.isEmpty())
        return fail(ErrorCode::InvalidArgument,
                    u"%1: a Metalink document describes several files"_s.arg(member));
    if (spec.ifExists == IfExists::Overwrite)
        return wrongValue("ifExists"_L1, ifExistsName(*spec.ifExists),
                          "for a Metalink document, which would choose what; use rename or skip");
    const bool isLocal = spec.url.isLocalFile() && spec.url.host().isEmpty();
    return isLocal ? Result<void>() : checkUrl("url"_L1, spec.url);
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
        return wrongValue("name"_L1, name, "a file name (no \"/\", no control characters)");
    if (isNameOfPart(name))
        return wrongValue("name"_L1, name, "a name that a part file or its journal could not have");
    if (name.toUtf8().size() > MaxFileNameBytes)
        return wrongValue("name"_L1, name, "at most 230 bytes long");
    return {};
}

/// Folders that media, Metalink and extract jobs work in.
bool isInWorkFolder(const QString &folder)
{
    const QStringList parts = QDir::cleanPath(folder).split(u'/');
    return std::ranges::any_of(parts, [](const QString &part) {
        return part.startsWith(".media-"_L1) || part.startsWith(".metalink-"_L1)
            || part.startsWith(".extracting-"_L1);
    });
}

/// field-name = token, RFC 9110 §5.6.2.
bool isToken(const QString &text)
{
    return !text.isEmpty() && std::ranges::all_of(text, [](QChar c) {
        return c > u' ' && c < u'\x7f' && !u"\"(),/:;<=>?@[\\]{}"_s.contains(c);
    });
}

} // namespace

QLatin1StringView memberOfOneFile(const DownloadSpec &spec)
{
    const std::array given = {std::pair{!spec.name.isEmpty(), "name"_L1},
                              std::pair{!spec.sha256.isEmpty(), "sha256"_L1},
                              std::pair{spec.checksum.has_value(), "checksum"_L1},
                              std::pair{!spec.checksumFrom.isEmpty(), "checksumFrom"_L1},
                              std::pair{!spec.mirrors.isEmpty(), "mirrors"_L1},
                              std::pair{spec.size >= 0, "size"_L1},
                              std::pair{spec.pieces.has_value(), "pieces"_L1}};
    for (const auto &[isGiven, member] : given)
        if (isGiven)
            return member;
    return {};
}

Result<void> checkHeader(const HeaderLine &line)
{
    if (!isToken(line.name))
        return wrongValue("headers"_L1, line.name, "a header name");
    if (std::ranges::find(OwnHeaders, line.name.toLower()) != OwnHeaders.end())
        return wrongValue("headers"_L1, line.name, "a header that may be set by hand");
    for (const QChar c : line.value)
        if (c == u'\r' || c == u'\n' || c.isNull())
            return wrongValue("headers"_L1, line.name,
                              "a header without line ends or NUL in its value");
    return {};
}

Result<void> checkSpec(const DownloadSpec &spec)
{
    if (const auto checked = checkSource(spec); !checked)
        return checked;
    for (const QUrl &mirror : spec.mirrors)
        if (const auto checked = checkUrl("mirrors"_L1, mirror); !checked)
            return checked;
    if (spec.mirrors.size() > DownloadSpec::MaxMirrors)
        return wrongValue("mirrors"_L1, QString::number(spec.mirrors.size()), "at most 16");
    if (const auto checked = checkName(spec.name); !checked)
        return checked;
    if (isInWorkFolder(spec.to))
        return wrongValue("to"_L1, spec.to, "a folder for files (Dray works in this one)");
    if (!spec.to.isEmpty() && !QDir::isAbsolutePath(spec.to))
        return wrongValue("to"_L1, spec.to, "an absolute folder");
    for (const AfterAction &action : spec.after)
        if (isInWorkFolder(action.folder))
            return wrongValue("after"_L1, action.folder,
                              "a folder for files (Dray works in this one)");
    if (!spec.sha256.isEmpty() && !isSha256Hex(spec.sha256))
        return wrongValue("sha256"_L1, spec.sha256, "64 hexadecimal digits");
    if (!spec.sha256.isEmpty() && spec.checksum)
        return fail(ErrorCode::InvalidArgument, u"checksum: sha256 is given too; give only one"_s);
    if (const auto checked = checkChecksumFrom(spec); !checked)
        return checked;
    if (spec.pieces && spec.size >= 0 && !spec.pieces->fit(spec.size))
        return wrongValue("pieces"_L1, QString::number(spec.pieces->count()),
                          "the number of hashes of a file of `size` bytes");
    if (spec.connections < 0 || spec.connections > DownloadSpec::MaxConnections)
        return wrongValue("connections"_L1, QString::number(spec.connections), "from 1 to 32");
    if (spec.bytesPerSecond < 0)
        return wrongValue("bytesPerSecond"_L1, QString::number(spec.bytesPerSecond), "0 or more");
    for (const HeaderLine &line : spec.headers)
        if (const auto checked = checkHeader(line); !checked)
            return checked;
    if (!spec.request.user.isEmpty() && !spec.url.userInfo().isEmpty())
        return fail(ErrorCode::InvalidArgument,
                    u"user: the URL has a user name too; give only one"_s);
    return checkRequest(spec.request, spec.headers);
}

} // namespace core
