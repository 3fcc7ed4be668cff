#pragma once
#include "core/base/result.h"
#include "core/flash/decodelimits.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace core {

struct Bmap;

/// The bytes of an image from its first to its last, unpacked.
/// Threads: used by one thread at a time.
class ImageSource
{
public:
    virtual ~ImageSource() = default;

    /// Bytes of the image; nullopt when only reading it to its end tells.
    [[nodiscard]] virtual std::optional<qint64> size() const = 0;
    /// Bytes of the file it comes from.
    [[nodiscard]] virtual qint64 fileSize() const = 0;

    /// What of it is written; nullptr: all.
    [[nodiscard]] virtual const Bmap *bmap() const { return nullptr; }

    /// Fails with `ImageDamaged` when the file is another, or was written to, since it was opened.
    /// Threads: any.
    [[nodiscard]] virtual Result<void> checkUnchanged() const = 0;

    /// SHA-256 that the file was proven to have by who made it, 32 raw bytes; empty: nobody did. Waits
    /// for the end of the download it comes from, and fails as that does.
    /// Threads: any.
    [[nodiscard]] virtual Result<QByteArray> provenSha256() const { return QByteArray(); }

    /// Fills `bytes` wholly, or as far as the image goes; how many bytes there were.
    /// Fails with `ImageDamaged` (truncated, corrupt, something follows its end), `Unsupported` (made
    /// in a way this does not unpack) or `FileAccess`; no bytes of the call count then.
    [[nodiscard]] virtual Result<qint64> read(std::span<char> bytes) = 0;
    /// As reading that many bytes and forgetting them; fileSha256() then says nothing.
    [[nodiscard]] virtual Result<void> skip(qint64 bytes) = 0;
    /// SHA-256 of the file, 32 raw bytes, once read() reached the image's end; empty when the file is
    /// the image.
    [[nodiscard]] virtual QByteArray fileSha256() = 0;
};

/// Opens the same image at its beginning, as often as it is called and on any thread.
using OpenImage = std::function<Result<std::unique_ptr<ImageSource>>(const DecodeLimits &)>;

} // namespace core
