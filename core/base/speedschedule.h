#pragma once
#include "core/base/result.h"

#include <QList>
#include <QTime>

#include <optional>

namespace core {

/// Speed limits by time of day, as a user wrote them: "08:00-18:00 500K, 18:00-23:30 2M". A window
/// whose end is not after its beginning goes over midnight; 0 means no limit; of windows that overlap
/// the first counts. Pure.
class SpeedSchedule
{
public:
    /// Fails with `InvalidArgument` naming the window that cannot be used. Empty text: no windows.
    [[nodiscard]] static Result<SpeedSchedule> parse(const QString &text);

    [[nodiscard]] bool isEmpty() const { return m_windows.isEmpty(); }
    /// Bytes per second at a local time, 0: no limit; nullopt outside of all windows.
    [[nodiscard]] std::optional<qint64> bytesPerSecondAt(QTime time) const;

private:
    struct Window {
        QTime begin;
        QTime end;
        qint64 bytesPerSecond = 0;
    };
    [[nodiscard]] static Result<Window> parseWindow(const QString &text);

    QList<Window> m_windows;
};

} // namespace core
