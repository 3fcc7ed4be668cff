#pragma once
#include "core/base/clock.h"

#include <QByteArrayList>

#include <deque>
#include <optional>

namespace server {

/// The states that one client was told lately, and that may be lost on a connection nobody knows is dead.
/// Pure: the caller gives the time, which is monotonic.
class ToldStates
{
public:
    /// What was sent so long before a sign of life came has arrived.
    static constexpr core::Milliseconds Travel = std::chrono::seconds(10);
    static constexpr qsizetype MostBytes = 128 * 1024;

    void add(const QByteArray &message, core::Milliseconds now);
    /// The client was heard then.
    void heard(core::Milliseconds at);
    /// In order; nullopt when they were too many.
    [[nodiscard]] std::optional<QByteArrayList> doubtful() const;

private:
    struct Told {
        core::Milliseconds at{0};
        QByteArray message;
    };
    std::deque<Told> m_told;
    qsizetype m_bytes = 0;
    std::optional<core::Milliseconds> m_droppedAt; // the last that is not kept
};

} // namespace server
