#pragma once
#include "core/store/tokens.h"

namespace tests {

/// Two that were paired, an extension and a script, and one that `token add` made for Ann.
[[nodiscard]] QList<core::TokenEntry> samplePrograms();

} // namespace tests
