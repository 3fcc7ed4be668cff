#include "core/base/urlpattern.h"

#include <QRegularExpression>

namespace core {

using namespace Qt::StringLiterals;

namespace {

tl::unexpected<Error> tooMany(const QString &pattern)
{
    return fail(ErrorCode::InvalidArgument,
                u"%1 stands for more than %2 links"_s.arg(pattern).arg(UrlPattern::MaxLinks));
}

tl::unexpected<Error> backwards(const QString &pattern)
{
    return fail(ErrorCode::InvalidArgument,
                u"%1 runs backwards; write the smaller one first"_s.arg(pattern));
}

Result<QStringList> numbers(const QRegularExpressionMatch &match)
{
    const QString begin = match.captured(u"from"_s);
    bool isBeginRight = false;
    bool isEndRight = false;
    const qint64 first = begin.toLongLong(&isBeginRight);
    const qint64 last = match.captured(u"to"_s).toLongLong(&isEndRight);
    if (!isBeginRight || !isEndRight)
        return tooMany(match.captured());
    if (last < first)
        return backwards(match.captured());
    if (last - first >= UrlPattern::MaxLinks)
        return tooMany(match.captured());
    QStringList values;
    for (qint64 number = first; number <= last; ++number)
        values.append(QString::number(number).rightJustified(begin.size(), u'0'));
    return values;
}

Result<QStringList> letters(const QRegularExpressionMatch &match)
{
    const char16_t first = match.captured(u"first"_s).front().unicode();
    const char16_t last = match.captured(u"last"_s).front().unicode();
    if (last < first)
        return backwards(match.captured());
    QStringList values;
    for (char16_t letter = first; letter <= last; ++letter)
        values.append(QChar(letter));
    return values;
}

Result<QStringList> valuesOf(const QRegularExpressionMatch &match)
{
    if (match.hasCaptured(u"from"_s))
        return numbers(match);
    if (match.hasCaptured(u"first"_s))
        return letters(match);
    return match.captured(u"words"_s).split(u',');
}

/// Every link so far, followed by each of `values`.
QStringList combined(const QStringList &links, const QStringList &values)
{
    QStringList result;
    result.reserve(links.size() * values.size());
    for (const QString &link : links)
        for (const QString &value : values)
            result.append(link + value);
    return result;
}

} // namespace

Result<QStringList> UrlPattern::expand(const QString &text)
{
    static const QRegularExpression pattern(
        uR"(\[(?<from>[0-9]+)-(?<to>[0-9]+)\]|\[(?:(?=[a-z]-[a-z])|(?=[A-Z]-[A-Z]))(?<first>.)-(?<last>.)\]|\{(?<words>[^{},]*(?:,[^{},]*)+)\})"_s);
    QStringList links{QString()};
    qsizetype end = 0;
    for (auto matches = pattern.globalMatch(text); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        const auto values = valuesOf(match);
        if (!values)
            return fail(values.error());
        if (links.size() * values->size() > MaxLinks)
            return tooMany(text);
        const QString between = text.sliced(end, match.capturedStart() - end);
        links = combined(combined(links, {between}), *values);
        end = match.capturedEnd();
    }
    return combined(links, {text.sliced(end)});
}

} // namespace core
