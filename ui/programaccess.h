#pragma once
#include "core/pairings.h"

#include <functional>

namespace ui {

/// Other programs: those that wait to be let in, and the tokens of those that are. Oldest first.
struct Programs {
    QList<core::Pairing> asking;
    QList<core::TokenEntry> letIn;
};

/// Where the window learns who asks to be let in and who is, and gives the user's answers. Nothing
/// here waits: each answer comes once, on the UI thread.
class ProgramAccess
{
public:
    /// Called on the UI thread with all programs, at first and whenever they are others.
    using Listener = std::function<void(const Programs &)>;
    using Answer = std::function<void(const core::Result<void> &)>;

    virtual ~ProgramAccess() = default;
    /// Call once.
    virtual void join(Listener listener) = 0;
    /// Tells the listener again: a token's use alone is not told.
    virtual void refresh() = 0;
    /// Fails with `NotFound` when the program does not wait.
    virtual void letIn(const QString &pairing, Answer answer) = 0;
    /// Fails as letIn().
    virtual void refuse(const QString &pairing, Answer answer) = 0;
    /// Ends a token, and what it opened, at once. Fails with `NotFound`.
    virtual void revoke(const QString &token, Answer answer) = 0;
};

} // namespace ui
