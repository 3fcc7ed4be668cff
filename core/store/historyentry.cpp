#include "core/store/historyentry.h"

#include "core/base/names.h"

namespace core {

namespace {

using namespace Qt::StringLiterals;

constexpr std::array Names = std::to_array<Name<HistoryVerdict>>({
    {HistoryVerdict::Succeeded, "succeeded"_L1},
    {HistoryVerdict::Verified, "verified"_L1},
    {HistoryVerdict::Unverified, "unverified"_L1},
    {HistoryVerdict::Failed, "failed"_L1},
    {HistoryVerdict::Canceled, "canceled"_L1},
});

} // namespace

QLatin1StringView historyVerdictName(HistoryVerdict verdict)
{
    return nameOf(Names, verdict);
}

std::optional<HistoryVerdict> historyVerdictFromName(QStringView name)
{
    return valueOf(Names, name);
}

} // namespace core
