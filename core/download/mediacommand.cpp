#include "core/download/mediacommand.h"

#include "core/base/proxyaddress.h"
#include "core/download/mediacookies.h"
#include "core/download/medialinejson.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// One word of a configuration, which yt-dlp reads as a shell would.
QByteArray quoted(const QString &word)
{
    return "'" + word.toUtf8().replace("'", "'\\''") + "'";
}

void put(QByteArray &text, const char *option, const QString &value)
{
    if (!value.isEmpty())
        text += QByteArray(option) + ' ' + quoted(value) + '\n';
}

/// The user's own configuration of yt-dlp could change names, folders and what is run.
QStringList commonArguments(const MediaSpec &spec)
{
    QStringList arguments{u"--no-config"_s, u"--config-locations"_s, u"-"_s,
                          u"--no-colors"_s, u"--socket-timeout"_s,   u"30"_s};
    const QString &format = spec.choice.format;
    if (!format.isEmpty())
        arguments += {u"--format"_s, format};
    else if (spec.choice.isAudioOnly)
        arguments += {u"--format"_s, u"bestaudio/best"_s};
    return arguments;
}

/// A proxy as yt-dlp wants it, with its scheme; empty: none.
QString proxyFor(const QString &text)
{
    const auto proxy = ProxyAddress::parse(text); // checked when the job was added
    if (!proxy || proxy->isNone())
        return {};
    QUrl url = proxy->url();
    url.setUserName(proxy->user, QUrl::DecodedMode);
    url.setPassword(proxy->password, QUrl::DecodedMode);
    return url.toString(QUrl::FullyEncoded);
}

QString marked(const char *kind, const char *mark, const char *fields)
{
    return QLatin1StringView(kind) + u':' + QLatin1StringView(mark) + QLatin1StringView(fields);
}

QStringList reportArguments()
{
    return {u"--newline"_s,
            u"--no-simulate"_s, // which --print would imply
            u"--progress"_s,
            u"--progress-template"_s,
            marked("download", MediaProgressMark, "%(progress)j"),
            u"--progress-template"_s,
            marked("postprocess", MediaProcessingMark, "%(progress)j\n"),
            u"--print"_s,
            marked("after_move", MediaMadeMark, "%(filepath)j")};
}

} // namespace

QByteArray mediaConfiguration(const MediaSpec &spec, const MediaStaging &staging)
{
    const RequestSpec &request = spec.page.request;
    QByteArray text;
    for (const HeaderLine &line : spec.page.headers)
        if (!isCookieHeader(line)) // they are in staging.cookies
            put(text, "--add-headers", line.name + u':' + line.value);
    put(text, "--user-agent", request.userAgent);
    put(text, "--referer", request.referer);
    put(text, "--cookies", staging.cookies);
    put(text, "--username", request.user);
    put(text, "--password", request.password);
    if (!request.netrc.isEmpty())
        text += "--netrc\n";
    put(text, "--netrc-location", request.netrc);
    if (!request.proxy.isEmpty())
        text += "--proxy " + quoted(proxyFor(request.proxy)) + '\n';
    return text + quoted(spec.page.url.toString(QUrl::FullyEncoded)) + '\n';
}

QStringList mediaResolveArguments(const MediaSpec &spec)
{
    return commonArguments(spec)
        + QStringList{u"--dump-single-json"_s, u"--flat-playlist"_s, u"--no-warnings"_s};
}

QStringList mediaFetchArguments(const MediaSpec &spec, const MediaStaging &staging)
{
    QStringList arguments = commonArguments(spec) + reportArguments();
    // Without it a fragment that cannot be had is left out of the video in silence.
    arguments += {u"--abort-on-unavailable-fragment"_s, u"--continue"_s, u"--no-playlist"_s};
    arguments += {u"--paths"_s, staging.folder, u"--output"_s, MediaBaseName + u".%(ext)s"_s};
    if (spec.choice.isAudioOnly)
        arguments += u"--extract-audio"_s;
    if (!spec.choice.subtitles.isEmpty())
        arguments += {u"--write-subs"_s, u"--sub-langs"_s, spec.choice.subtitles.join(u',')};
    if (spec.page.bytesPerSecond > 0)
        arguments += {u"--limit-rate"_s, QString::number(spec.page.bytesPerSecond)};
    if (spec.page.connections > 1)
        arguments += {u"--concurrent-fragments"_s, QString::number(spec.page.connections)};
    return arguments + QStringList{u"--load-info-json"_s, staging.pageFile()};
}

} // namespace core
