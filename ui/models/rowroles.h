#pragma once
#include <Qt>

namespace ui {

/// What StateDelegate asks rows for.
enum RowRole {
    RowStateRole = Qt::UserRole + 16, ///< core::JobState
    RowPercentRole, ///< 0 to 100; -1 while unknown
};

} // namespace ui
