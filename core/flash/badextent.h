#pragma once
#include <QLatin1StringView>
#include <QtGlobal>

namespace core {

/// Why an extent did not read back as it was written.
enum class Verdict {
    Reader, // it reads differently each time: cable, port, reader or memory
    Dropped, // a write that was answered as done changed nothing
    Wrapped, // it shows what was written elsewhere: the drive is smaller than it says
    Medium, // it keeps something else than what was written
};

/// "medium".
[[nodiscard]] QLatin1StringView verdictName(Verdict verdict);

/// An extent that did not read back as it was written.
struct BadExtent {
    qint64 offset = 0;
    Verdict verdict = Verdict::Medium;
    /// How often it was written again.
    int rewrites = 0;
    /// It read back right in the end.
    bool isRepaired = false;
    friend bool operator==(const BadExtent &, const BadExtent &) = default;
};

} // namespace core
