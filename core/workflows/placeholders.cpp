#include "core/workflows/placeholders.h"

#include <QRegularExpression>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype LongestName = 64;
constexpr qsizetype LongestText = 64 * 1024;

bool isNameCharacter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9')
        || c == u'_' || c == u'-';
}

} // namespace

bool isStepName(QStringView text)
{
    return !text.isEmpty() && text.size() <= LongestName
        && std::ranges::all_of(text, isNameCharacter);
}

Result<QList<Placeholder>> placeholdersIn(const QString &text)
{
    QList<Placeholder> named;
    const auto note = [&named](const Placeholder &one) -> Result<QString> {
        named.append(one);
        return QString();
    };
    return filledIn(text, note).map([&](const QString &) { return named; });
}

Result<QString> filledIn(const QString &text, const OutputOf &valueOf)
{
    static const QRegularExpression special(u"\\$(?:\\$|\\{([^}]*)(\\}?))"_s);
    QString result;
    qsizetype end = 0;
    for (auto matches = special.globalMatch(text); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        result += QStringView(text).sliced(end, match.capturedStart() - end);
        end = match.capturedEnd();
        if (match.captured() == "$$"_L1) {
            result += u'$';
            continue;
        }
        const QString named = match.captured(1);
        const Placeholder one{named.section(u'.', 0, 0), named.section(u'.', 1)};
        if (match.captured(2).isEmpty() || !isStepName(one.step) || !isStepName(one.output))
            return fail(ErrorCode::InvalidArgument,
                        u"\"%1\" names no output such as ${fetch.file}; a dollar sign is $$"_s.arg(
                            match.captured()));
        const auto value = valueOf(one);
        if (!value)
            return value;
        result += *value;
        if (result.size() > LongestText)
            return fail(ErrorCode::LimitExceeded,
                        u"with its outputs a text is longer than %1 characters"_s.arg(LongestText));
    }
    return result + text.sliced(end);
}

} // namespace core
