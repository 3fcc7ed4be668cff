#include "core/base/units.h"

#include <QRegularExpression>

#include <cmath>

namespace core {

using namespace Qt::StringLiterals;

Result<qint64> parseBytes(QStringView text)
{
    static const QRegularExpression pattern(u"^\\s*(\\d+(?:\\.\\d+)?)\\s*([kmgt]?)(?:i?b)?\\s*$"_s,
                                            QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = pattern.match(text.toString());
    const auto refuse = [&] {
        return fail(ErrorCode::InvalidArgument,
                    u"\"%1\" is not a size; write for example 500k, 1.5M or 2G"_s.arg(text));
    };
    if (!match.hasMatch())
        return refuse();
    const QString unit = match.captured(2).toLower();
    const int power = unit.isEmpty() ? 0 : int(QStringView(u"kmgt").indexOf(unit.front())) + 1;
    const double bytes = match.captured(1).toDouble() * std::pow(1024.0, power);
    if (bytes > 9.0e18)
        return refuse();
    return qint64(std::llround(bytes));
}

} // namespace core
