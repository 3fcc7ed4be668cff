#include "server/dialects/rest/contentdisposition.h"

namespace server {

QByteArray attachmentNamed(const QString &name)
{
    QByteArray plain;
    for (const QChar c : name) {
        const bool isPlain = c >= u' ' && c <= u'~' && c != u'"' && c != u'\\' && c != u'%';
        plain += isPlain ? c.toLatin1() : '_';
    }
    QByteArray value = "attachment; filename=\"" + plain + '"';
    if (QString::fromLatin1(plain) != name)
        value += "; filename*=UTF-8''" + name.toUtf8().toPercentEncoding({}, {});
    return value;
}

} // namespace server
