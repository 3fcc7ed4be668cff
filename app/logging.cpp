#include "app/logging.h"

#include <QLoggingCategory>

namespace app {

using namespace Qt::StringLiterals;

void setUpLogging(const QString &level)
{
    qSetMessagePattern(u"%{time yyyy-MM-ddTHH:mm:ss.zzz} %{type} %{category}: %{message}"_s);
    const QStringList order{u"debug"_s, u"info"_s, u"warning"_s, u"critical"_s};
    const qsizetype least = order.indexOf(level);
    QStringList rules;
    for (qsizetype i = 0; i < order.size(); ++i)
        rules.append(u"dray.*.%1=%2"_s.arg(order[i], i >= least ? u"true"_s : u"false"_s));
    QLoggingCategory::setFilterRules(rules.join(u'\n'));
}

} // namespace app
