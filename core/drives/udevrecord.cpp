#include "core/drives/udevrecord.h"

#include <QList>

namespace core {

UdevRecord::UdevRecord(const QByteArray &file)
{
    for (const QByteArray &line : file.split('\n')) {
        const qsizetype equals = line.indexOf('=');
        if (line.startsWith("E:") && equals > 2)
            m_values.insert(line.mid(2, equals - 2), line.mid(equals + 1));
    }
}

QString UdevRecord::value(const QByteArray &key) const
{
    return QString::fromUtf8(withoutHexEscapes(m_values.value(key))).trimmed();
}

QByteArray withoutHexEscapes(const QByteArray &text)
{
    QByteArray result;
    for (qsizetype i = 0; i < text.size(); ++i) {
        bool isHex = false;
        const int code = text.mid(i, 2) == "\\x" ? text.mid(i + 2, 2).toInt(&isHex, 16) : 0;
        result.append(isHex ? char(code) : text[i]);
        i += isHex ? 3 : 0;
    }
    return result;
}

} // namespace core
