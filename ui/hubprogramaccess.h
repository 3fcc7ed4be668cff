#pragma once
#include "ui/programaccess.h"

#include <memory>

class QObject;

namespace ui {

class Mailbox;

/// Who asks to be let in and who is, carried from the hub thread to the UI thread; the user's answers
/// go the other way.
///
/// Threads: used on the UI thread. `pairings`, `tokens` and `hubContext` live on the hub thread and
/// outlive it.
class HubProgramAccess final : public ProgramAccess
{
public:
    HubProgramAccess(core::Pairings &pairings, core::Tokens &tokens, QObject *hubContext);
    ~HubProgramAccess() override;
    HubProgramAccess(const HubProgramAccess &) = delete;
    HubProgramAccess &operator=(const HubProgramAccess &) = delete;

    void join(Listener listener) override;
    void refresh() override;
    void letIn(const QString &pairing, Answer answer) override;
    void refuse(const QString &pairing, Answer answer) override;
    void revoke(const QString &token, Answer answer) override;

private:
    struct HubSide;
    [[nodiscard]] Answer carried(Answer answer) const;

    core::Pairings &m_pairings;
    core::Tokens &m_tokens;
    QObject *m_hubContext;
    std::shared_ptr<Mailbox> m_mailbox;
    std::shared_ptr<HubSide> m_hubSide;
};

} // namespace ui
