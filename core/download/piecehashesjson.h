#pragma once
#include "core/base/result.h"
#include "core/download/piecehashes.h"

#include <QJsonObject>

namespace core {

/// Reads `{"algorithm": "sha-256", "length": BYTES, "hashes": BASE64}`, the digests one after the other
/// (RFC 4648 §4); nullopt for an absent member. Fails with `InvalidArgument` naming member and value.
[[nodiscard]] Result<std::optional<PieceHashes>> pieceHashesFromJson(const QJsonValue &value);
[[nodiscard]] QJsonObject toJson(const PieceHashes &pieces);

} // namespace core
