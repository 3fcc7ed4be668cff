#pragma once
#include <QObject>

#include <algorithm>
#include <memory>
#include <vector>

namespace server {

/// Owns the sessions of one dialect, each until its connection is gone.
///
/// Threads: the hub thread, where `context` lives and outlives this.
template<typename Session>
class SessionSet
{
public:
    explicit SessionSet(QObject *context)
        : m_context(context)
    { }

    /// `over` is the session's last signal.
    Session &keep(std::unique_ptr<Session> session, void (Session::*over)())
    {
        Session *kept = session.get();
        m_sessions.push_back(std::move(session));
        QObject::connect(kept, over, m_context, [this, kept] { forget(kept); });
        return *kept;
    }
    /// Those who are here, for loops in which they may end.
    [[nodiscard]] std::vector<Session *> all() const
    {
        std::vector<Session *> list;
        for (const auto &session : m_sessions)
            list.push_back(session.get());
        return list;
    }
    [[nodiscard]] qint64 size() const { return qint64(m_sessions.size()); }

private:
    /// A session that is over goes in a later turn: it may be in the middle of a call.
    void forget(const Session *session)
    {
        const auto found = std::find_if(m_sessions.begin(), m_sessions.end(),
                                        [session](const auto &s) { return s.get() == session; });
        if (found == m_sessions.end())
            return;
        m_gone.push_back(std::move(*found));
        m_sessions.erase(found);
        QMetaObject::invokeMethod(
            m_context, [this] { m_gone.clear(); }, Qt::QueuedConnection);
    }

    QObject *m_context;
    std::vector<std::unique_ptr<Session>> m_sessions;
    std::vector<std::unique_ptr<Session>> m_gone;
};

} // namespace server
