#pragma once
#include "server/feed/journal.h"

namespace server {

/// An event of `type` about what `topic` names, without its time and what the type adds. Of an event about
/// drives the id is not in its topic: `encodedId` is that.
[[nodiscard]] JournalEntry feedEntry(const Topic &topic,
                                     const std::optional<QString> &owner,
                                     QLatin1StringView type,
                                     const QByteArray &encodedId = {});

/// `value` is encoded.
void addMember(JournalEntry &entry, QByteArrayView name, const QByteArray &value);

} // namespace server
