#pragma once
#include <QByteArray>
#include <QString>

namespace server {

/// A JSON object whose members stay in the order they were put, and whose numbers keep their type: a
/// real always has a decimal point and never an exponent, which typed clients tell apart and QJson does
/// not.
class ObjectText
{
public:
    ObjectText &put(QByteArrayView key, const QString &value);
    ObjectText &put(QByteArrayView key, qint64 value);
    /// At most six places; 0.0 for what is not finite.
    ObjectText &putReal(QByteArrayView key, double value);
    ObjectText &putTrue(QByteArrayView key);
    /// `value` is encoded.
    ObjectText &putRaw(QByteArrayView key, const QByteArray &value);
    [[nodiscard]] QByteArray json() const { return '{' + m_members + '}'; }

private:
    QByteArray m_members;
};

} // namespace server
