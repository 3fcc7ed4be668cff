#include "server/dialects/flashprogress/flashjobid.h"

namespace server {

using namespace Qt::StringLiterals;

namespace {

constexpr QLatin1StringView Prefix("job_");
constexpr int Digits = 8;

} // namespace

QString flashJobId(const core::JobSnapshot &job, qsizetype drive)
{
    const bool hasOwnName = job.kind == core::JobKind::External && !job.source.isEmpty();
    const QString name = hasOwnName
        ? job.source
        : Prefix + QString::number(job.id.value, 16).rightJustified(Digits, u'0');
    return drive == 0 ? name : u"%1-%2"_s.arg(name).arg(drive + 1);
}

std::optional<core::JobId> numberInFlashJobId(const QString &id)
{
    bool isNumber = false;
    const core::JobId job{id.mid(Prefix.size()).toLongLong(&isNumber, 16)};
    // Read back, so that nothing but what we write is ours: no sign, no capitals, no missing zeros.
    return isNumber && flashJobId({.id = job}) == id ? std::optional(job) : std::nullopt;
}

} // namespace server
