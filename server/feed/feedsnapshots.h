#pragma once
#include "core/base/principal.h"
#include "server/feed/topic.h"

#include <QHash>

#include <functional>

namespace server {

/// What a subscription begins with, by Topic::family().
///
/// Threads: the hub thread.
class FeedSnapshots
{
public:
    /// Encoded: `"workflows":[…],"next"?:…`, at most about `maxBytes`. Fails with `NotFound` when `who` sees
    /// no such thing.
    using MembersOf = std::function<core::Result<QByteArray>(
        const core::Principal &who, const Topic &topic, qsizetype maxBytes)>;

    void add(const QString &family, MembersOf members)
    {
        m_families.insert(family, std::move(members));
    }
    /// Empty for topics that have none.
    [[nodiscard]] core::Result<QByteArray>
    members(const core::Principal &who, const Topic &topic, qsizetype maxBytes) const
    {
        const auto family = m_families.constFind(topic.family());
        return family == m_families.constEnd() ? QByteArray() : (*family)(who, topic, maxBytes);
    }

private:
    QHash<QString, MembersOf> m_families;
};

} // namespace server
