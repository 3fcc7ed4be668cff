#pragma once
#include "core/base/principal.h"

#include <QString>

namespace server {

/// What a valid token gives: who it speaks for and until when.
struct Grant {
    core::Principal principal;
    /// Empty for --trust-local.
    QString tokenId;
    /// Milliseconds since 1970; 0: never expires.
    qint64 expiresAt = 0;
    friend bool operator==(const Grant &, const Grant &) = default;
};

} // namespace server
