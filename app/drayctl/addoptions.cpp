#include "app/drayctl/addoptions.h"

#include "app/drayctl/requestoptions.h"
#include "app/drayctl/timetext.h"
#include "core/base/ifexists.h"
#include "core/base/units.h"

#include <QDir>

namespace app {

using namespace Qt::StringLiterals;

namespace {

using Options = QCommandLineParser;

void addAddOptions(Options &options)
{
    options.addOptions({
        {u"to"_s, u"Save in <DIR>."_s, u"DIR"_s},
        {u"name"_s, u"Save as <NAME>."_s, u"NAME"_s},
        {u"sha256"_s, u"Check against <HEX>."_s, u"HEX"_s},
        {u"connections"_s, u"Use at most <N> connections (1 to 32)."_s, u"N"_s},
        {u"limit"_s, u"At most <RATE> per second, such as 500k or 2M."_s, u"RATE"_s},
        {u"if-exists"_s, u"When it is there: rename, overwrite, skip or ask."_s, u"CHOICE"_s},
        {u"media"_s, u"Fetch the video or sound that yt-dlp finds at the URL."_s},
        {u"format"_s, u"With --media: yt-dlp's format selector <F>."_s, u"F"_s},
        {u"audio-only"_s, u"With --media: the sound alone."_s},
        {u"subtitles"_s, u"With --media: subtitles in <LANGS>, such as en,de."_s, u"LANGS"_s},
        {u"header"_s, u"Send this header too; may be repeated."_s, u"K: V"_s},
        {u"paused"_s, u"Add without starting."_s},
        {u"start-at"_s, u"Wait until <TIME>, such as 23:30 or 2030-01-31T23:30."_s, u"TIME"_s},
        {u"wait"_s, u"Wait until the jobs have ended."_s},
    });
    options.addOptions(requestOptions());
}

tl::expected<QJsonObject, Complaint> headersOf(const Options &options)
{
    QJsonObject headers;
    for (const QString &line : options.values(u"header"_s)) {
        const qsizetype colon = line.indexOf(u':');
        if (colon <= 0)
            return usageError(u"--header \"%1\" is not \"Name: value\""_s.arg(line));
        headers.insert(line.left(colon).trimmed(), line.sliced(colon + 1).trimmed());
    }
    return headers;
}

tl::expected<void, Complaint> insertMedia(QJsonObject &spec, const Options &options)
{
    if (options.isSet(u"media"_s))
        spec.insert(u"kind"_s, u"media"_s);
    for (const QString &option : {u"format"_s, u"audio-only"_s, u"subtitles"_s})
        if (options.isSet(option) && !options.isSet(u"media"_s))
            return usageError(u"--%1 goes with --media"_s.arg(option));
    if (options.isSet(u"audio-only"_s))
        spec.insert(u"audioOnly"_s, true);
    for (const QString &option : {u"format"_s, u"subtitles"_s})
        if (options.isSet(option))
            spec.insert(option, options.value(option));
    return {};
}

tl::expected<QJsonObject, Complaint> specFrom(const Options &options)
{
    QJsonObject spec;
    if (options.isSet(u"to"_s))
        spec.insert(u"to"_s, QDir(options.value(u"to"_s)).absolutePath());
    if (options.isSet(u"name"_s))
        spec.insert(u"name"_s, options.value(u"name"_s));
    if (options.isSet(u"sha256"_s))
        spec.insert(u"sha256"_s, options.value(u"sha256"_s));
    if (options.isSet(u"if-exists"_s)) {
        const QString choice = options.value(u"if-exists"_s);
        if (!core::ifExistsFromName(choice))
            return usageError(
                u"--if-exists \"%1\" is not %2"_s.arg(choice, core::ifExistsChoices()));
        spec.insert(u"ifExists"_s, choice);
    }
    if (options.isSet(u"paused"_s))
        spec.insert(u"paused"_s, true);
    if (options.isSet(u"connections"_s)) {
        bool isNumber = false;
        const int connections = options.value(u"connections"_s).toInt(&isNumber);
        if (!isNumber || connections < 1 || connections > 32)
            return usageError(u"--connections \"%1\" is not a number from 1 to 32"_s.arg(
                options.value(u"connections"_s)));
        spec.insert(u"connections"_s, connections);
    }
    if (options.isSet(u"limit"_s)) {
        const auto limit = core::parseBytes(options.value(u"limit"_s));
        if (!limit)
            return usageError(u"--limit: "_s + limit.error().context);
        spec.insert(u"bytesPerSecond"_s, *limit);
    }
    if (options.isSet(u"start-at"_s)) {
        const auto time = timeFrom(options.value(u"start-at"_s), QDateTime::currentDateTime());
        if (!time)
            return usageError(u"--start-at: "_s + time.error().context);
        spec.insert(u"startAt"_s, time->toMSecsSinceEpoch());
    }
    if (const auto inserted = insertMedia(spec, options); !inserted)
        return tl::unexpected(inserted.error());
    const auto headers = headersOf(options);
    if (!headers)
        return tl::unexpected(headers.error());
    if (!headers->isEmpty())
        spec.insert(u"headers"_s, *headers);
    if (const auto inserted = insertRequest(spec, options); !inserted)
        return tl::unexpected(inserted.error());
    return spec;
}

} // namespace

tl::expected<void, Complaint> parseOptions(Options &options, const Invocation &call)
{
    if (options.parse(QStringList{call.command} + call.arguments))
        return {};
    return usageError(u"drayctl %1: %2"_s.arg(call.command, options.errorText()));
}

tl::expected<AddRequest, Complaint> parseAdd(const Invocation &call)
{
    Options options;
    addAddOptions(options);
    if (const auto parsed = parseOptions(options, call); !parsed)
        return tl::unexpected(parsed.error());
    const QStringList urls = options.positionalArguments();
    if (urls.isEmpty())
        return usageError(u"drayctl add: what shall be fetched? Give one or more URLs"_s);
    if (urls.size() > 1 && (options.isSet(u"name"_s) || options.isSet(u"sha256"_s)))
        return usageError(u"drayctl add: --name and --sha256 go with a single URL"_s);
    if (options.isSet(u"wait"_s) && options.isSet(u"paused"_s))
        return usageError(
            u"drayctl add: a paused job does not end, so --wait does not go with --paused"_s);
    const auto spec = specFrom(options);
    if (!spec)
        return tl::unexpected(spec.error());
    AddRequest request{.wait = options.isSet(u"wait"_s)};
    for (const QString &url : urls) {
        request.specs.append(*spec);
        request.specs.last().insert(u"url"_s, url);
    }
    return request;
}

QString addSynopsis()
{
    return u"URL… [--to DIR] [--name NAME] [--sha256 HEX] [--connections N] [--limit RATE] "
           "[--if-exists CHOICE] [--media [--format F] [--audio-only] [--subtitles LANGS]] "
           "[--header 'K: V'] "
           "[--user-agent TEXT] [--referer URL] [--cookies FILE] [--user NAME[:PASSWORD]] "
           "[--netrc] "
           "[--netrc-file FILE] [--proxy URL] [--paused] [--start-at TIME] [--wait]"_s;
}

} // namespace app
