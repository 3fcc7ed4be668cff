#include "ui/text/accesstext.h"

#include "ui/text/jobtext.h"

#include <QCoreApplication>

#include <array>

namespace ui {
namespace {

using namespace Qt::StringLiterals;
using core::Scope;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Access)
};

struct ScopeWords {
    Scope scope;
    const char *word;
    const char *line;
};

#define SAY(text) QT_TRANSLATE_NOOP("Access", text)

constexpr std::array Words = std::to_array<ScopeWords>({
    {Scope::Read, SAY("see"), SAY("see your jobs and drives")},
    {Scope::Add, SAY("add"), SAY("add jobs (you are asked before a drive is erased)")},
    {Scope::Control, SAY("control"), SAY("pause, resume, cancel and remove jobs")},
    {Scope::Report, SAY("report"), SAY("report its own jobs, which are listed with yours")},
    {Scope::Settings, SAY("change settings"), SAY("change settings")},
    {Scope::Flash, SAY("write drives"), SAY("erase and write USB drives")},
    {Scope::Admin, SAY("everything"), SAY("do all that you can, also let in others")},
});

#undef SAY

QStringList wordsFor(core::Scopes scopes, const char *ScopeWords::*text)
{
    QStringList list;
    for (const ScopeWords &words : Words)
        if (scopes.testFlag(words.scope))
            list.append(Text::tr(words.*text));
    return list;
}

constexpr qsizetype DigitsOfGroup = 3;

} // namespace

QString scopeWords(core::Scopes scopes)
{
    return wordsFor(scopes, &ScopeWords::word).join(u", "_s);
}

QStringList scopeLines(core::Scopes scopes)
{
    return wordsFor(scopes, &ScopeWords::line);
}

QString pairingText(const QString &program)
{
    return Text::tr("“%1” asks to be let in.").arg(program);
}

QString codeText(const QString &code)
{
    return code.left(DigitsOfGroup) + u' ' + code.mid(DigitsOfGroup);
}

QString pairingOverText(const QString &program)
{
    return Text::tr("Nobody answered “%1” in time, so it was not let in.").arg(program);
}

QString pairingGoneText(const QString &program)
{
    return Text::tr(
               "“%1” does not wait to be let in any more: it gave up, or was answered elsewhere.")
        .arg(program);
}

QString letInFailedText(const QString &program, const core::Error &error)
{
    if (error.code == core::ErrorCode::NotFound)
        return Text::tr("“%1” was gone before it was let in. It has no access.").arg(program);
    return Text::tr("“%1” was not let in. %2").arg(program, errorText(error));
}

QString revokeQuestion(const QString &program)
{
    return Text::tr(
               "End the access of “%1”?\nIt is cut off at once and has to ask again. The jobs it "
               "added stay.")
        .arg(program);
}

QString revokeFailedText(const QString &program, const core::Error &error)
{
    if (error.code == core::ErrorCode::NotFound)
        return Text::tr("“%1” has no access.").arg(program);
    return Text::tr("“%1” is cut off, but that could not be saved yet. %2")
        .arg(program, errorText(error));
}

} // namespace ui
