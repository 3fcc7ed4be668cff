#include "core/jobs/jobrun.h"

namespace core {

Result<Outcome> Job::Run::execute()
{
    Result<Outcome> result = Outcome::Stopped;
    if (task == Task::Work && !stop.stop_requested())
        result = worker->run(stop.get_token(), cell);
    const bool isDone = result && *result == Outcome::Completed;
    if (discard.load() && !isDone) {
        worker->discard();
        discarded = true;
    }
    return result;
}

} // namespace core
