#pragma once
#include <QString>

namespace ui {

/// The group of a setting, from the part of its key before the dot: "Downloads".
[[nodiscard]] QString settingGroup(const QString &key);
/// What a setting is called: "Folder". A key without words of its own gives words made of it.
[[nodiscard]] QString settingName(const QString &key);

} // namespace ui
