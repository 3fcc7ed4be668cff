#include "core/base/clock.h"

namespace core {

using std::chrono::duration_cast;

Milliseconds SystemClock::wallTime() const
{
    return duration_cast<Milliseconds>(std::chrono::system_clock::now().time_since_epoch());
}

Milliseconds SystemClock::monotonicTime() const
{
    return duration_cast<Milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

} // namespace core
