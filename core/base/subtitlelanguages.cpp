#include "core/base/subtitlelanguages.h"

#include <QRegularExpression>

namespace core {

using namespace Qt::StringLiterals;

Result<QStringList> subtitleLanguages(const QString &text)
{
    static const QRegularExpression pattern(u"^[A-Za-z][A-Za-z0-9.*_-]*\\z"_s);
    QStringList languages;
    for (const QString &part : text.split(u',')) {
        const QString language = part.trimmed();
        if (language.isEmpty())
            continue;
        if (!pattern.match(language).hasMatch())
            return fail(ErrorCode::InvalidArgument, language);
        languages.append(language);
    }
    return languages;
}

} // namespace core
