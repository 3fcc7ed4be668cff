#pragma once
#include "core/base/growingfile.h"

namespace core {

/// A file that a download has finished, and its SHA-256 then (hexadecimal).
struct FinishedFile {
    QString path;
    QString sha256;
};

/// Gives `reader` a file that was finished earlier, when every byte of it is what was downloaded; else
/// the reason why not, with `FileAccess` or `ChecksumMismatch`. False then, and when `stop` came first.
/// Reads all of it.
[[nodiscard]] bool
readFinished(const FinishedFile &finished, GrowingFile &reader, const std::stop_token &stop);

} // namespace core
