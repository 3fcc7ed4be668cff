#pragma once
#include "core/base/clock.h"
#include "core/base/result.h"

#include <QList>
#include <QTime>

namespace core {

/// The local times of day in which downloads run by themselves, as a user wrote them:
/// "23:00-07:00, 12:00-13:00". A window whose end is not after its beginning goes over midnight. Pure.
class QueueHours
{
public:
    /// Fails with `InvalidArgument` naming the window that cannot be used. Empty text: always.
    [[nodiscard]] static Result<QueueHours> parse(const QString &text);

    [[nodiscard]] bool isEmpty() const { return m_windows.isEmpty(); }
    /// Whether downloads run at this time since 1970; always when there are no windows.
    [[nodiscard]] bool isOpenAt(Milliseconds wallTime) const;
    /// When a window begins next after `wallTime`, both since 1970. There must be a window.
    [[nodiscard]] Milliseconds nextOpening(Milliseconds wallTime) const;

private:
    struct Window {
        QTime begin;
        QTime end;
    };
    [[nodiscard]] static Result<Window> parseWindow(const QString &text);

    QList<Window> m_windows;
};

} // namespace core
