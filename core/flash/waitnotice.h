#pragma once
#include "core/flash/growingimage.h"
#include "core/jobs/progresscell.h"

#include <atomic>

namespace core {

/// Says in a flash's message that it is the download that everything waits for: from the first long wait
/// until bytes were there without one.
/// Threads: any.
class WaitNotice
{
public:
    /// `cell` must outlive this.
    explicit WaitNotice(ProgressCell &cell)
        : m_cell(cell)
    { }

    void show(GrowingImage::Wait wait);

private:
    ProgressCell &m_cell;
    std::atomic<bool> m_isShown{false};
};

} // namespace core
