#pragma once
#include <QByteArray>
#include <QString>

#include <optional>

namespace core {

/// What the image, or the file that it is packed in, must be.
struct ExpectedSha256 {
    ExpectedSha256() = default;
    /// 32 raw bytes; `list`: absolute path of the list it was found in, empty: it was given.
    ExpectedSha256(QByteArray bytes, QString foundIn = {})
        : digest(std::move(bytes))
        , list(std::move(foundIn))
    { }

    QByteArray digest; ///< empty: nobody knows it
    QString list;
};

/// The SHA-256 of the image at `path` that lies beside it: in `x.img.xz.sha256`, in `x.img.sha256` of what
/// is unpacked, or in a line for either in `SHA256SUMS`. The first that has one counts; a list that is
/// larger than 1 MiB, cannot be read or contradicts itself has none. Blocks.
[[nodiscard]] ExpectedSha256 findSha256Beside(const QString &path);

} // namespace core
