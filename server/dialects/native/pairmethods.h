#pragma once
#include "core/pairings.h"
#include "server/dialects/native/params.h"

#include <functional>

namespace server {

/// Called once, at once or later.
using PairAnswer = std::function<void(const core::Result<QByteArray> &)>;
/// One of the methods by which the local user answers who wants to pair.
using PairMethod = void (*)(core::Pairings &, const Params &, const PairAnswer &);

/// `pair.list` → `{pairings[{id, name, kind, code, origin?, expiresAt}]}`, oldest first.
void listPairings(core::Pairings &pairings, const Params &params, const PairAnswer &answer);
/// `pair.accept {pairing}` → `{}`, answered when the token is on disk.
void acceptPairing(core::Pairings &pairings, const Params &params, const PairAnswer &answer);
/// `pair.refuse {pairing}` → `{}`.
void refusePairing(core::Pairings &pairings, const Params &params, const PairAnswer &answer);

/// What `pair.request` asks for; `origin` is the Origin of the upgrade.
[[nodiscard]] core::Result<core::Pairing> pairingFrom(const Params &params,
                                                      const QByteArray &origin);
/// `{"token","scopes"}`.
[[nodiscard]] QByteArray pairedResult(const core::MadeToken &made);

} // namespace server
