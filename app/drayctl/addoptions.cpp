#include "app/drayctl/addoptions.h"

#include "app/drayctl/inputlist.h"
#include "app/drayctl/requestoptions.h"
#include "app/drayctl/timetext.h"
#include "core/base/checksum.h"
#include "core/base/ifexists.h"
#include "core/base/metalinkurl.h"
#include "core/base/units.h"
#include "core/base/urlpattern.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QUrl>

#include <cstdio>

namespace app {

using namespace Qt::StringLiterals;

namespace {

using Options = QCommandLineParser;

void addAddOptions(Options &options)
{
    options.addOptions({
        {u"to"_s, u"Save in <DIR>."_s, u"DIR"_s},
        {u"category"_s, u"Save in the folder of the category <NAME>."_s, u"NAME"_s},
        {u"name"_s, u"Save as <NAME>."_s, u"NAME"_s},
        {u"sha256"_s, u"Check against <HEX>."_s, u"HEX"_s},
        {u"checksum"_s,
         u"Check against <ALGO=HEX>: md5, sha-1, sha-224, sha-256, sha-384, sha-512."_s,
         u"ALGO=HEX"_s},
        {u"checksum-from"_s, u"Check against the list at <URL>, or beside the file with auto."_s,
         u"URL"_s},
        {u"connections"_s, u"Use at most <N> connections (1 to 32)."_s, u"N"_s},
        {u"limit"_s, u"At most <RATE> per second, such as 500k or 2M."_s, u"RATE"_s},
        {u"if-exists"_s, u"When it is there: rename, overwrite, skip or ask."_s, u"CHOICE"_s},
        {u"media"_s, u"Fetch the video or sound that yt-dlp finds at the URL."_s},
        {u"format"_s, u"With --media: yt-dlp's format selector <F>."_s, u"F"_s},
        {u"audio-only"_s, u"With --media: the sound alone."_s},
        {u"subtitles"_s, u"With --media: subtitles in <LANGS>, such as en,de."_s, u"LANGS"_s},
        {u"metalink"_s, u"The URL, or a file here, is a Metalink 4 list of files."_s},
        {u"mirror"_s, u"The same file can be had from <URL> too; may be repeated."_s, u"URL"_s},
        {u"header"_s, u"Send this header too; may be repeated."_s, u"K: V"_s},
        {u"paused"_s, u"Add without starting."_s},
        {u"start-at"_s, u"Wait until <TIME>, such as 23:30 or 2030-01-31T23:30."_s, u"TIME"_s},
        {u"stop-at"_s, u"Pause at <TIME> what has not ended."_s, u"TIME"_s},
        {u"then"_s,
         u"Afterwards <ACTION>: extract. May be repeated, as what follows; done in this order."_s,
         u"ACTION"_s},
        {u"then-open"_s, u"Afterwards open it with the desktop's program."_s},
        {u"then-reveal"_s, u"Afterwards show it in the file manager."_s},
        {u"then-move"_s, u"Afterwards move it to the folder <DIR>."_s, u"DIR"_s},
        {u"then-run"_s,
         u"Afterwards run <CMD>, without a shell; {path}, {folder}, {name}, {url}, {id}, {sha256} "
         "and {size} are put in."_s,
         u"CMD"_s},
        {QStringList{u"i"_s, u"input"_s},
         u"Read links from <FILE>, one per line; - is standard input."_s, u"FILE"_s},
        {QStringList{u"g"_s, u"globoff"_s}, u"Take [1-9] and {a,b} in links as they are."_s},
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

tl::expected<void, Complaint> insertChecksum(QJsonObject &spec, const Options &options)
{
    if (options.isSet(u"checksum-from"_s))
        spec.insert(u"checksumFrom"_s, options.value(u"checksum-from"_s));
    if (!options.isSet(u"checksum"_s))
        return {};
    const auto checksum = core::Checksum::parse(options.value(u"checksum"_s));
    if (!checksum)
        return usageError(u"--checksum: "_s + checksum.error().context);
    spec.insert(u"checksum"_s, checksum->toText());
    return {};
}

/// A stop goes with the start: "--start-at 23:00 --stop-at 06:00" means the morning after.
tl::expected<void, Complaint> insertTimes(QJsonObject &spec, const Options &options)
{
    QDateTime from = QDateTime::currentDateTime();
    for (const auto &[option, member] :
         {std::pair(u"start-at"_s, u"startAt"_s), std::pair(u"stop-at"_s, u"stopAt"_s)}) {
        if (!options.isSet(option))
            continue;
        const auto time = timeFrom(options.value(option), from);
        if (!time)
            return usageError(u"--%1: "_s.arg(option) + time.error().context);
        spec.insert(member, time->toMSecsSinceEpoch());
        from = *time;
    }
    return {};
}

/// In the order in which they stand on the command line.
tl::expected<QJsonArray, Complaint> actionsOf(const Options &options)
{
    QJsonArray actions;
    QHash<QString, qsizetype> used;
    for (const QString &option : options.optionNames()) {
        const QString value = options.values(option).value(used[option]++);
        if (option == "then"_L1 && value != "extract"_L1)
            return usageError(u"--then \"%1\" is not extract"_s.arg(value));
        if (option == "then"_L1)
            actions.append(value);
        if (option == "then-open"_L1 || option == "then-reveal"_L1)
            actions.append(option.sliced(5));
        if (option == "then-run"_L1)
            actions.append(QJsonObject{{u"run"_s, value}});
        if (option == "then-move"_L1)
            actions.append(QJsonObject{{u"move"_s, QDir(value).absolutePath()}});
    }
    return actions;
}

tl::expected<QJsonObject, Complaint> specFrom(const Options &options)
{
    QJsonObject spec;
    if (options.isSet(u"to"_s))
        spec.insert(u"to"_s, QDir(options.value(u"to"_s)).absolutePath());
    if (options.isSet(u"name"_s))
        spec.insert(u"name"_s, options.value(u"name"_s));
    if (options.isSet(u"category"_s))
        spec.insert(u"category"_s, options.value(u"category"_s));
    if (options.isSet(u"sha256"_s))
        spec.insert(u"sha256"_s, options.value(u"sha256"_s));
    if (const auto inserted = insertChecksum(spec, options); !inserted)
        return tl::unexpected(inserted.error());
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
    if (const auto inserted = insertTimes(spec, options); !inserted)
        return tl::unexpected(inserted.error());
    if (const auto inserted = insertMedia(spec, options); !inserted)
        return tl::unexpected(inserted.error());
    const auto after = actionsOf(options);
    if (!after)
        return tl::unexpected(after.error());
    if (!after->isEmpty())
        spec.insert(u"after"_s, *after);
    if (const QStringList mirrors = options.values(u"mirror"_s); !mirrors.isEmpty())
        spec.insert(u"mirrors"_s, QJsonArray::fromStringList(mirrors));
    const auto headers = headersOf(options);
    if (!headers)
        return tl::unexpected(headers.error());
    if (!headers->isEmpty())
        spec.insert(u"headers"_s, *headers);
    if (const auto inserted = insertRequest(spec, options); !inserted)
        return tl::unexpected(inserted.error());
    return spec;
}

/// The list file's text, from standard input for "-".
tl::expected<QString, Complaint> readInput(const QString &path)
{
    QFile file(path);
    const bool isOpen =
        path == "-"_L1 ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!isOpen)
        return usageError(u"drayctl add: cannot read %1: %2"_s.arg(path, file.errorString()));
    const QByteArray bytes = file.readAll();
    if (file.error() != QFileDevice::NoError)
        return usageError(u"drayctl add: cannot read %1: %2"_s.arg(path, file.errorString()));
    return QString::fromUtf8(bytes);
}

/// What was asked for on the command line and in the list file; line 0 is the command line.
tl::expected<QList<InputEntry>, Complaint> entriesFrom(const Options &options)
{
    QList<InputEntry> entries;
    for (const QString &url : options.positionalArguments())
        entries.append({url, 0, {}});
    for (const QString &path : options.values(u"input"_s)) {
        const auto text = readInput(path);
        if (!text)
            return tl::unexpected(text.error());
        const auto listed = parseInputList(*text);
        if (!listed)
            return usageError(u"drayctl add: %1, %2"_s.arg(path, listed.error().context));
        entries += *listed;
    }
    if (entries.isEmpty())
        return usageError(u"drayctl add: what shall be fetched? Give one or more URLs"_s);
    return entries;
}

/// The links `entry` stands for. The hub checks what stands on the command line; a list is checked
/// here, so that one bad line adds nothing.
tl::expected<QStringList, Complaint> linksOf(const InputEntry &entry, const Options &options)
{
    const QString place = entry.line > 0 ? u"line %1: "_s.arg(entry.line) : QString();
    const auto links = options.isSet(u"globoff"_s)
        ? core::Result<QStringList>(QStringList{entry.url})
        : core::UrlPattern::expand(entry.url);
    if (!links)
        return usageError(u"drayctl add: "_s + place + links.error().context);
    for (const QString &link : *links) {
        const QUrl url(link);
        const bool isWeb = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
        if (entry.line > 0 && (!url.isValid() || !isWeb || url.host().isEmpty()))
            return usageError(
                u"drayctl add: %1\"%2\" is not a URL such as https://host/file"_s.arg(place, link));
    }
    const bool isOne = entry.members.contains(u"name"_s) || entry.members.contains(u"checksum"_s);
    if (links->size() > 1 && isOne)
        return usageError(u"drayctl add: %1out and checksum go with a single URL"_s.arg(place));
    return *links;
}

/// A Metalink document may be a file here.
void insertUrl(QJsonObject &spec, const QString &link, const Options &options)
{
    const QFileInfo file(link);
    const bool isAsked = options.isSet(u"metalink"_s);
    const bool isHere = file.isFile() && (isAsked || core::isMetalinkUrl(QUrl(link)));
    if (isAsked || isHere)
        spec.insert(u"metalink"_s, true);
    spec.insert(u"url"_s, isHere ? QUrl::fromLocalFile(file.absoluteFilePath()).toString() : link);
}

/// The params of every download; nothing is sent before all of them are there.
tl::expected<QList<QJsonObject>, Complaint> specsFrom(const Options &options)
{
    const auto common = specFrom(options);
    if (!common)
        return tl::unexpected(common.error());
    const auto entries = entriesFrom(options);
    if (!entries)
        return tl::unexpected(entries.error());
    QList<QJsonObject> specs;
    for (const InputEntry &entry : *entries) {
        const auto links = linksOf(entry, options);
        if (!links)
            return tl::unexpected(links.error());
        for (const QString &link : *links) {
            QJsonObject spec = *common;
            for (const QString &member : entry.members.keys())
                spec.insert(member, entry.members[member]);
            insertUrl(spec, link, options);
            specs.append(spec);
        }
    }
    return specs;
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
    if (options.isSet(u"wait"_s) && options.isSet(u"paused"_s))
        return usageError(
            u"drayctl add: a paused job does not end, so --wait does not go with --paused"_s);
    const auto specs = specsFrom(options);
    if (!specs)
        return tl::unexpected(specs.error());
    if (specs->size() > 1)
        for (const QString &single : {u"name"_s, u"sha256"_s, u"checksum"_s})
            if (options.isSet(single))
                return usageError(u"drayctl add: --%1 goes with a single URL"_s.arg(single));
    return AddRequest{*specs, options.isSet(u"wait"_s)};
}

QString addSynopsis()
{
    return u"URL… [--input FILE] [--globoff] [--to DIR] [--category NAME] [--name NAME] "
           "[--sha256 HEX | --checksum ALGO=HEX | --checksum-from URL] [--connections N] "
           "[--limit RATE] [--if-exists CHOICE] [--mirror URL] [--metalink] "
           "[--media [--format F] [--audio-only] [--subtitles LANGS]] [--header 'K: V'] "
           "[--user-agent TEXT] [--referer URL] [--cookies FILE] [--user NAME[:PASSWORD]] "
           "[--netrc] "
           "[--netrc-file FILE] [--proxy URL] [--then extract] [--then-run CMD] [--then-open] "
           "[--then-reveal] [--then-move DIR] [--paused] [--start-at TIME] [--stop-at TIME] [--wait]"_s;
}

} // namespace app
