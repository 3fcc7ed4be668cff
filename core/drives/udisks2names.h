#pragma once
#include <QLatin1StringView>
#include <QString>

/// The D-Bus names of UDisks2 (udisks 2.9 reference manual).
namespace core::udisks2 {

inline constexpr QLatin1StringView Service("org.freedesktop.UDisks2");
inline constexpr QLatin1StringView Root("/org/freedesktop/UDisks2");
inline constexpr QLatin1StringView Block("org.freedesktop.UDisks2.Block");
inline constexpr QLatin1StringView Drive("org.freedesktop.UDisks2.Drive");
inline constexpr QLatin1StringView Encrypted("org.freedesktop.UDisks2.Encrypted");
inline constexpr QLatin1StringView FileSystem("org.freedesktop.UDisks2.Filesystem");
inline constexpr QLatin1StringView Control("org.freedesktop.UDisks2.Manager");
inline constexpr QLatin1StringView ControlObject("/org/freedesktop/UDisks2/Manager");
inline constexpr QLatin1StringView PartitionTable("org.freedesktop.UDisks2.PartitionTable");
inline constexpr QLatin1StringView Properties("org.freedesktop.DBus.Properties");
inline constexpr QLatin1StringView ObjectTree("org.freedesktop.DBus.ObjectManager");

/// The object of the block device with the kernel's name `name`: letters, digits and underscores
/// stay, each other byte becomes _ and two hexadecimal digits.
[[nodiscard]] QString blockObject(const QString &name);

} // namespace core::udisks2
