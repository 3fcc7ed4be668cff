#pragma once
#include "core/drives/systemroots.h"

namespace core {

/// What tells this start of the computer from every other one; the kernel counts media (diskseq) anew with
/// each. Empty when the system does not say. See proc_sys_kernel(5), random/boot_id.
[[nodiscard]] QString bootId(const SystemRoots &roots = SystemRoots());

} // namespace core
