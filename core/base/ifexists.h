#pragma once
#include <QLatin1StringView>
#include <QStringList>

#include <optional>

namespace core {

/// What to do when the file, or a download of the same link, is there already.
enum class IfExists {
    /// The file gets a name that is free: "name (1).ext".
    Rename,
    /// The finished file takes the place of the old one, which stays whole until then.
    Overwrite,
    /// Nothing is fetched.
    Skip,
    /// Adding fails with `FileExists`, so that whoever adds can choose.
    Ask,
};

/// The name on the wire and in the settings: rename, overwrite, skip, ask.
[[nodiscard]] QLatin1StringView ifExistsName(IfExists choice);
[[nodiscard]] std::optional<IfExists> ifExistsFromName(QStringView name);
/// "rename, overwrite, skip or ask"
[[nodiscard]] QString ifExistsChoices();

} // namespace core
