#include "core/followers.h"

#include "core/jobs/jobregistry.h"
#include "core/storedspecjson.h"

namespace core {

using namespace Qt::StringLiterals;

JobId addFollowers(JobRegistry &registry, JobId download, const QList<AfterAction> &after)
{
    const JobSnapshot followed = *registry.find(download);
    QList<JobId> earlier{download};
    if (isFinal(followed.state))
        return download;
    for (const AfterAction &action : after)
        earlier.append(registry.add({
            .kind = action.kind == AfterAction::Kind::Extract ? JobKind::Extract : JobKind::Command,
            .owner = followed.owner,
            .details = {.title = followed.details.title},
            .source = u"job "_s + download.toString(),
            .spec = encodeSpec(action),
            .prerequisites = earlier,
        }));
    return earlier.constLast();
}

} // namespace core
