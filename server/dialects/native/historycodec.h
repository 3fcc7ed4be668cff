#pragma once
#include "core/store/historyentry.h"

#include <QJsonObject>

namespace server {

/// `{id, finishedAt, job, kind, owner, title, source, target?, bytes, sha256?, verdict, error?{code, message},
/// drive?{id, serial, writtenBytes, writeBytesPerSecond?, verifyBytesPerSecond?, rewrites}}`.
[[nodiscard]] QJsonObject historyObject(const core::HistoryEntry &entry);

} // namespace server
