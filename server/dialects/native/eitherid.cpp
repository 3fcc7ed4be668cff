#include "server/dialects/native/eitherid.h"

#include "core/jobs/workflow.h"

#include <QStringList>

namespace server {

using namespace Qt::StringLiterals;

QString methodForId(const QString &method, QJsonObject &params)
{
    static const QStringList verbs{u"job.get"_s,    u"job.pause"_s, u"job.resume"_s,
                                   u"job.cancel"_s, u"job.retry"_s, u"job.remove"_s};
    const QJsonValue id = params["job"_L1];
    if (!verbs.contains(method) || !core::WorkflowId::fromText(id.toString()))
        return method;
    params.remove("job"_L1);
    params.insert("workflow"_L1, id);
    return "workflow"_L1 + method.sliced(3);
}

} // namespace server
