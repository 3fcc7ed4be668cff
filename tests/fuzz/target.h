#pragma once
#include <cstddef>
#include <cstdint>

/// One run over `size` hostile bytes; libFuzzer's name for it. Whatever a sanitizer or an assertion says
/// is a defect. Answers 0.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
