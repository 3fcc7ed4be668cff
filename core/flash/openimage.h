#pragma once
#include "core/flash/decodelimits.h"
#include "core/flash/growingimage.h"
#include "core/flash/imagesource.h"

#include <QString>

namespace core {

/// Opens the image in the file at `path`: raw, xz, gzip, bzip2, zstd, lz4, zip or 7z, told by its
/// content. An index that the format has (xz, zstd, zip, 7z) is read here, so that truncated files fail before anything is
/// written.
/// Fails with `Unsupported` for another packed format, else as ImageSource::read says.
[[nodiscard]] Result<std::unique_ptr<ImageSource>> openImage(const QString &path,
                                                             const DecodeLimits &limits = {});
/// The same while it is downloaded: waits for what it reads, here and later.
[[nodiscard]] Result<std::unique_ptr<ImageSource>> openImage(const GrowingImage &image,
                                                             const DecodeLimits &limits = {});

} // namespace core
