#include "ui/text/addproblemtext.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace ui {
namespace {

constexpr auto Context = "AddProblemText";
constexpr qsizetype MostCharacters = 80; // a label cannot break a long word

struct Sentence {
    AddProblem problem;
    const char *text; // %1 is the value
};

constexpr std::array Sentences = std::to_array<Sentence>({
    {AddProblem::NotALink,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "“%1” is not a link. A link looks like https://example.org/file.iso.")},
    {AddProblem::Scheme,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "“%1” cannot be downloaded: only links with http:// or https:// can.")},
    {AddProblem::Pattern,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "%1 cannot be used. A pattern such as [1-9] or {a,b} counts upwards and "
                       "stands for at most 10,000 links.")},
    {AddProblem::FolderRelative,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "“%1” is not a full path. Write the folder from the beginning: /home/….")},
    {AddProblem::FolderMissing,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "The folder “%1” does not exist. Choose another or create it first.")},
    {AddProblem::FolderReadOnly,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "You may not write into the folder “%1”. Choose another.")},
    {AddProblem::Name,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "“%1” cannot be a file name: leave out “/” and use at most 230 bytes.")},
    {AddProblem::Checksum,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "“%1” is not a checksum. A SHA-256 has 64 digits 0–9 and a–f; others are "
                       "written as md5=…, sha-1=…, sha-224=…, sha-384=… or sha-512=….")},
    {AddProblem::ChecksumUnsupported,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "“%1” cannot be checked: this system does not allow its algorithm. Use a "
                       "SHA-256.")},
    {AddProblem::TooManyMirrors,
     QT_TRANSLATE_NOOP("AddProblemText", "%1 mirrors are too many. Give at most 16.")},
    {AddProblem::SpeedLimit,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "“%1” is not a speed. Write bytes per second, such as 500k or 2M; leave it "
                       "empty for no limit.")},
    {AddProblem::StartInThePast,
     QT_TRANSLATE_NOOP("AddProblemText", "The start, %1, has passed. Choose a later time.")},
    {AddProblem::StopInThePast,
     QT_TRANSLATE_NOOP("AddProblemText", "The stop, %1, has passed. Choose a later time.")},
    {AddProblem::StopBeforeStart,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "The stop, %1, is not after the start. Choose a later time.")},
    {AddProblem::CookieFile,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "“%1” is not a file that can be read. Write its full path: /home/….")},
    {AddProblem::Proxy,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "This is not a proxy. A proxy looks like http://host:8080 or "
                       "socks5://host:1080; “none” goes without.")},
    {AddProblem::UserName,
     QT_TRANSLATE_NOOP("AddProblemText", "“%1” cannot be a user name: leave out “:”.")},
    {AddProblem::PasswordAlone,
     QT_TRANSLATE_NOOP("AddProblemText", "The password needs a user name.")},
    {AddProblem::LoginForSeveralSites,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "A user name is for one site, and these links lead to several.")},
    {AddProblem::NotAHeader,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "“%1” is not a header. A header looks like “Accept-Language: de”.")},
    {AddProblem::HeaderName,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "The header “%1” cannot be set. A name has letters, digits and hyphens, and "
                       "those of the connection, such as Host and Range, are Dray's own.")},
    {AddProblem::HeaderTwice,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "“%1” is given twice, in the headers or in a field of its own. Give it "
                       "once.")},
    {AddProblem::HeaderForMedia,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "The header “%1” would go to every site that the page loads from. Use the "
                       "user name or a cookie file instead.")},
    {AddProblem::HeaderForSeveralSites,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "The header “%1” may say who you are, and these links lead to several "
                       "sites. Add them site by site.")},
    {AddProblem::Subtitles,
     QT_TRANSLATE_NOOP("AddProblemText",
                       "“%1” is not a language. Write codes with commas between them: en, de.")},
});

/// Beginning and end of what is too long for a sentence.
QString shortened(const QString &value)
{
    constexpr qsizetype Ending = 20;
    if (value.size() <= MostCharacters)
        return value;
    return value.left(MostCharacters - Ending) + u'…' + value.right(Ending);
}

} // namespace

QString addProblemText(AddProblem problem, const QString &value)
{
    const auto sentence = std::ranges::find(Sentences, problem, &Sentence::problem);
    if (sentence == Sentences.end())
        return {};
    return QCoreApplication::translate(Context, sentence->text)
        .replace(QStringLiteral("%1"), shortened(value));
}

} // namespace ui
