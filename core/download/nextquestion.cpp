#include "core/download/nextquestion.h"

namespace core {

Probe::Question nextQuestion(const PartFile &part, const JournalRecord &record)
{
    const Probe::Question all;
    if (record.identity.size <= 0 || record.done.isEmpty())
        return all;
    const ByteRange gap =
        RangePlanner(record.identity.size, record.done).free().list().constFirst();
    const Overlap overlap = overlapBefore(part, record.done, gap.begin);
    const bool canJoin = record.identity.hasValidator() || overlap.proves;
    return canJoin ? Probe::Question{gap, overlap, &record.identity} : all;
}

} // namespace core
