#pragma once

namespace ui {

class DriveListModel;

/// Where the window learns which drives there are.
class DriveSource
{
public:
    virtual ~DriveSource() = default;
    /// Fills `model` soon, and keeps it true from then on. Call once.
    virtual void join(DriveListModel &model) = 0;
};

} // namespace ui
