#include "server/dialects/objecttext.h"

#include "server/dialects/json.h"

#include <cmath>

namespace server {

ObjectText &ObjectText::put(QByteArrayView key, const QString &value)
{
    return putRaw(key, encode(value));
}

ObjectText &ObjectText::put(QByteArrayView key, qint64 value)
{
    return putRaw(key, QByteArray::number(value));
}

ObjectText &ObjectText::putReal(QByteArrayView key, double value)
{
    QByteArray text = std::isfinite(value) ? QByteArray::number(value, 'f', 6) : "0.0";
    while (text.endsWith('0') && !text.endsWith(".0"))
        text.chop(1);
    return putRaw(key, text);
}

ObjectText &ObjectText::putTrue(QByteArrayView key)
{
    return putRaw(key, "true");
}

ObjectText &ObjectText::putRaw(QByteArrayView key, const QByteArray &value)
{
    m_members.append(m_members.isEmpty() ? "\"" : ",\"").append(key).append("\":").append(value);
    return *this;
}

} // namespace server
