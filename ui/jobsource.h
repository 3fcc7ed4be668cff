#pragma once

namespace ui {

class JobListModel;

enum class Viewing { No, Yes };

/// Where the window's jobs come from.
class JobSource
{
public:
    virtual ~JobSource() = default;
    /// Fills `model` with every job there is and then with every event, without a gap between.
    /// Called once, on the UI thread; the model may end before the source.
    virtual void join(JobListModel &model) = 0;
    /// Whether someone looks at the window: progress comes ten times a second, else once.
    virtual void setViewing(Viewing viewing) = 0;
};

} // namespace ui
