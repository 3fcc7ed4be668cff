#pragma once
#include "core/base/result.h"

#include <QByteArray>

namespace server {

class CompatSession;

/// What a compatibility dialect does with what its clients say.
class CompatHandler
{
public:
    virtual ~CompatHandler() = default;
    /// A client connected.
    virtual void open(CompatSession &) { }
    /// Its connection is gone; the session is not used any more.
    virtual void forget(CompatSession &) { }
    /// One text message, counted and within the limits. Answers go by `session.send()`, at once or,
    /// through a QPointer, later.
    virtual void take(CompatSession &session, const QByteArray &utf8) = 0;
    /// Whether a message counts against the 100 messages a minute; signs of life and reports do not.
    [[nodiscard]] virtual bool isCounted(const CompatSession &, const QByteArray &) const
    {
        return true;
    }
    /// The dialect's own message that says `error`; empty when it has none.
    [[nodiscard]] virtual QByteArray errorMessage(const core::Error &error) const = 0;
};

} // namespace server
