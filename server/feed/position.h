#pragma once
#include <QString>

#include <optional>

namespace server {

/// A place in the journal: everything up to `seq` of that `epoch` is known.
struct Position {
    QString epoch;
    quint64 seq = 0;

    /// "epoch:seq", as in SSE ids and `?since=`.
    [[nodiscard]] QString toString() const;
    [[nodiscard]] static std::optional<Position> parse(const QString &text);

    friend bool operator==(const Position &, const Position &) = default;
};

} // namespace server
