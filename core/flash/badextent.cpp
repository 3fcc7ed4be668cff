#include "core/flash/badextent.h"

#include "core/base/names.h"

namespace core {

QLatin1StringView verdictName(Verdict verdict)
{
    using namespace Qt::StringLiterals;
    static constexpr std::array Names = std::to_array<Name<Verdict>>({
        {Verdict::Reader, "reader"_L1},
        {Verdict::Dropped, "dropped"_L1},
        {Verdict::Wrapped, "wrapped"_L1},
        {Verdict::Medium, "medium"_L1},
    });
    return nameOf(Names, verdict);
}

} // namespace core
