#include "app/options.h"

#include <QCommandLineParser>
#include <QDir>
#include <QHostAddress>
#include <QStandardPaths>
#include <QUrl>

#include <algorithm>
#include <array>

namespace app {

using namespace Qt::StringLiterals;
using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

void addOptions(QCommandLineParser &parser)
{
    parser.addOptions({
        {u"data-dir"_s, u"Keep database, tokens and settings in <DIR>."_s, u"DIR"_s,
         defaultDataDir()},
        {u"download-dir"_s, u"Save downloads in <DIR>."_s, u"DIR"_s},
        {u"listen"_s, u"Serve on <ADDR:PORT>; may be repeated (default 127.0.0.1:8765)."_s,
         u"ADDR:PORT"_s},
        {u"trust-local"_s, u"Programs on this machine that send no Origin need no token."_s},
        {u"allow-loop-devices"_s, u"Loop devices count as drives (for tests and experts)."_s},
        {u"allow-origin"_s,
         u"Let pages of <ORIGIN> in; they still need a token. May be repeated."_s, u"ORIGIN"_s},
        {u"allow-host"_s, u"Answer to the name <NAME> too; may be repeated."_s, u"NAME"_s},
        {u"max-connections"_s, u"Most connections at once (default 256)."_s, u"N"_s, u"256"_s},
        {u"tls-cert"_s, u"Certificate chain for TLS, PEM."_s, u"FILE"_s},
        {u"tls-key"_s, u"Private key for TLS, PEM."_s, u"FILE"_s},
        {u"log-level"_s, u"debug, info, warning or critical (default info)."_s, u"LEVEL"_s,
         u"info"_s},
    });
    parser.addHelpOption();
    parser.addVersionOption();
}

Result<void> checkListen(const QString &text)
{
    const qsizetype colon = text.lastIndexOf(u':');
    QString host = text.left(colon);
    if (host.startsWith(u'[') && host.endsWith(u']'))
        host = host.sliced(1, host.size() - 2);
    bool isNumber = false;
    const uint port = text.sliced(colon + 1).toUInt(&isNumber);
    if (colon > 0 && isNumber && port <= 65535 && !QHostAddress(host).isNull())
        return {};
    return fail(
        ErrorCode::InvalidArgument,
        u"--listen \"%1\" is not ADDRESS:PORT; write for example 127.0.0.1:8765 or [::1]:8765"_s
            .arg(text));
}

Result<void> checkOrigin(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool isOrigin = url.isValid() && !url.scheme().isEmpty() && !url.host().isEmpty()
        && url.path().isEmpty() && !url.hasQuery() && !url.hasFragment();
    if (isOrigin)
        return {};
    return fail(
        ErrorCode::InvalidArgument,
        u"--allow-origin \"%1\" is not an origin; write for example http://127.0.0.1:3000"_s.arg(
            text));
}

Result<int> parseMaxConnections(const QString &text)
{
    bool isNumber = false;
    const int count = text.toInt(&isNumber);
    if (isNumber && count >= 1 && count <= 100'000)
        return count;
    return fail(ErrorCode::InvalidArgument,
                u"--max-connections \"%1\" is not a number from 1 to 100000"_s.arg(text));
}

Result<void> check(const HubOptions &options)
{
    for (const QString &address : options.listen)
        if (const auto checked = checkListen(address); !checked)
            return checked;
    for (const QString &origin : options.allowOrigins)
        if (const auto checked = checkOrigin(origin); !checked)
            return checked;
    if (options.tlsCert.isEmpty() != options.tlsKey.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"--tls-cert and --tls-key go together"_s);
    constexpr std::array levels{"debug"_L1, "info"_L1, "warning"_L1, "critical"_L1};
    if (std::ranges::find(levels, options.logLevel) == levels.end())
        return fail(ErrorCode::InvalidArgument,
                    u"--log-level \"%1\" is not one of debug, info, warning, critical"_s.arg(
                        options.logLevel));
    return {};
}

} // namespace

QString defaultDataDir()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/dray"_s;
}

Result<HubOptions> parseHubOptions(const QStringList &arguments, const QString &programDescription)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(programDescription);
    addOptions(parser);
    if (!parser.parse(arguments))
        return fail(ErrorCode::InvalidArgument, parser.errorText());
    if (parser.isSet(u"help"_s))
        parser.showHelp(0);
    if (parser.isSet(u"version"_s))
        parser.showVersion();

    HubOptions options;
    options.dataDir = QDir(parser.value(u"data-dir"_s)).absolutePath();
    if (parser.isSet(u"download-dir"_s))
        options.downloadDir = QDir(parser.value(u"download-dir"_s)).absolutePath();
    options.listen = parser.values(u"listen"_s);
    options.allowOrigins = parser.values(u"allow-origin"_s);
    options.allowHosts = parser.values(u"allow-host"_s);
    options.trustLocal = parser.isSet(u"trust-local"_s);
    options.allowLoopDevices = parser.isSet(u"allow-loop-devices"_s);
    options.tlsCert = parser.value(u"tls-cert"_s);
    options.tlsKey = parser.value(u"tls-key"_s);
    options.logLevel = parser.value(u"log-level"_s);
    options.arguments = parser.positionalArguments();
    const auto maxConnections = parseMaxConnections(parser.value(u"max-connections"_s));
    if (!maxConnections)
        return fail(maxConnections.error());
    options.maxConnections = *maxConnections;
    if (const auto checked = check(options); !checked)
        return fail(checked.error());
    return options;
}

} // namespace app
