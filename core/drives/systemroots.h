#pragma once
#include <QString>

namespace core {

/// Where the running system tells about its drives; other folders in tests.
struct SystemRoots {
    QString sys = QStringLiteral("/sys");
    QString proc = QStringLiteral("/proc");
    QString udev = QStringLiteral("/run/udev/data"); ///< udev's database, may be missing
    QString etc = QStringLiteral("/etc");
    friend bool operator==(const SystemRoots &, const SystemRoots &) = default;
};

} // namespace core
