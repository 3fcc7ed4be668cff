#pragma once
#include <QString>

namespace core {

/// Another one after every start of the kernel (random(4)): what the kernel counts, such as
/// DriveIdentity::diskseq, begins anew then. Empty where there is no /proc.
[[nodiscard]] QString bootId();

} // namespace core
