#pragma once
#include <QJsonObject>

namespace core {

/// The ready-made workflow, as a workflow file says it: fetch the image (when it is a link), check its file
/// (when its SHA-256 is known or was measured on the way), and only then write it to the drives.
/// `flash` is the spec of a flash as job.add takes it (PROTOCOL.md §1); nothing of it is checked.
[[nodiscard]] QJsonObject fetchCheckWriteFile(const QJsonObject &flash);

} // namespace core
