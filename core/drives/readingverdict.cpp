#include "core/drives/readingverdict.h"

namespace core {

DriveVerdict readingVerdict(const DriveVerdict &writing)
{
    if (writing.refusal != DriveVerdict::Refusal::ReadOnly)
        return writing;
    return {DriveVerdict::Refusal::None, {}, writing.risks};
}

} // namespace core
