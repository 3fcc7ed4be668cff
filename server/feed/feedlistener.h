#pragma once
#include "core/base/principal.h"

#include <optional>

namespace server {

/// Who listens to what happens to jobs. Threads: the hub thread.
class FeedListener
{
public:
    virtual ~FeedListener() = default;
    /// Whether it may hear of what belongs to `owner` (nullopt: to nobody, such as drives); its rights
    /// may change while it listens.
    [[nodiscard]] bool mayHear(const std::optional<QString> &owner) const
    {
        return principal().has(core::Scope::Read) && (!owner || principal().canSee(*owner));
    }
    /// Who it is now: decides what it may see.
    [[nodiscard]] virtual const core::Principal &principal() const = 0;
    [[nodiscard]] virtual qint64 unsentBytes() const = 0;
};

} // namespace server
