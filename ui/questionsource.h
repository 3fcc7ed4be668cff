#pragma once
#include "core/flashquestions.h"

#include <functional>

namespace ui {

/// Where the window learns which programs ask to write drives.
class QuestionSource
{
public:
    /// Called on the UI thread with all open questions, at first and whenever they are others.
    using Listener = std::function<void(const QList<core::FlashQuestion> &)>;

    virtual ~QuestionSource() = default;
    /// Call once.
    virtual void join(Listener listener) = 0;
};

} // namespace ui
