#include "ui/links.h"

#include "core/base/metalinkurl.h"
#include "ui/dialogs/flashform.h"

#include <QMimeData>
#include <QRegularExpression>
#include <QUrl>

namespace ui {

using namespace Qt::StringLiterals;

QStringList linksIn(const QString &text)
{
    static const QRegularExpression link(uR"(\bhttps?://[^\s<>"]+)"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    QStringList result;
    for (auto match = link.globalMatch(text); match.hasNext();)
        result.append(match.next().captured());
    result.removeDuplicates();
    return result;
}

QStringList linksIn(const QMimeData &content)
{
    QStringList result;
    for (const QUrl &url : content.urls()) {
        const QString text = QString::fromUtf8(url.toEncoded());
        if (url.isLocalFile() && core::isMetalinkUrl(url))
            result.append(text);
        else
            result += linksIn(text);
    }
    if (result.isEmpty() && content.hasText())
        return linksIn(content.text());
    result.removeDuplicates();
    return result;
}

QString imageIn(const QMimeData &content)
{
    for (const QUrl &url : content.urls())
        if (url.isLocalFile() && isImageName(url.toLocalFile()))
            return url.toLocalFile();
    return {};
}

} // namespace ui
