#include "core/download/mediaspecjson.h"

#include "core/base/subtitlelanguages.h"
#include "core/base/wrongvalue.h"
#include "core/download/downloadspecjson.h"
#include "core/download/mediacookies.h"
#include "core/download/redirects.h"

#include <QRegularExpression>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype LongestFormat = 500;

/// A selector is an argument of its own, so only what yt-dlp would take for an option is dangerous.
bool isFormat(const QString &text)
{
    static const QRegularExpression pattern(u"^[^-\\p{C}][^\\p{C}]*$"_s);
    return text.size() <= LongestFormat && pattern.match(text).hasMatch();
}

} // namespace

Result<MediaSpec> mediaSpecFromJson(const QJsonObject &object)
{
    for (const QLatin1StringView member :
         {"sha256"_L1, "checksum"_L1, "checksumFrom"_L1, "mirrors"_L1, "size"_L1, "pieces"_L1})
        if (object.contains(member))
            return fail(ErrorCode::InvalidArgument,
                        u"%1: what yt-dlp makes is not known before"_s.arg(member));
    const QJsonValue format = object.value("format"_L1);
    const QJsonValue audioOnly = object.value("audioOnly"_L1);
    const QJsonValue subtitles = object.value("subtitles"_L1);
    if (!format.isUndefined() && !isFormat(format.toString()))
        return wrongValue("format"_L1, format.toVariant().toString(),
                          "a format selector of yt-dlp");
    if (!audioOnly.isUndefined() && !audioOnly.isBool())
        return wrongValue("audioOnly"_L1, audioOnly.toVariant().toString(), "true or false");
    if (!subtitles.isUndefined() && !subtitles.isString())
        return wrongValue("subtitles"_L1, subtitles.toVariant().toString(), "text such as en,de");
    const auto page = downloadSpecFromJson(object);
    if (!page)
        return fail(page.error());
    if (page->isMetalink.value_or(false))
        return wrongValue("metalink"_L1, u"true"_s, "for media");
    const auto languages = subtitleLanguages(subtitles.toString());
    if (!languages)
        return wrongValue("subtitles"_L1, languages.error().context,
                          "a list of languages such as en,de");
    for (const HeaderLine &line : page->headers)
        if (!isCookieHeader(line) && headersForOtherOrigin({line}).isEmpty())
            return wrongValue("headers"_L1, line.name,
                              "for media: yt-dlp sends it to every site; use cookies or user");
    return MediaSpec{*page,
                     {format.toString(), audioOnly.toBool(), *languages},
                     object.value("isItem"_L1).toBool()};
}

QJsonObject toJson(const MediaSpec &spec)
{
    QJsonObject object = toJson(spec.page);
    if (!spec.choice.format.isEmpty())
        object.insert("format"_L1, spec.choice.format);
    if (spec.choice.isAudioOnly)
        object.insert("audioOnly"_L1, true);
    if (!spec.choice.subtitles.isEmpty())
        object.insert("subtitles"_L1, spec.choice.subtitles.join(u','));
    if (spec.isItem)
        object.insert("isItem"_L1, true);
    return object;
}

} // namespace core
