#pragma once

namespace core {

/// Whether what was written is read back. Without, the result is shown as unverified.
enum class Verify { No, Yes };

} // namespace core
