#include "ui/hubprogramaccess.h"

#include "ui/mailbox.h"

namespace ui {

/// Touched on the hub thread only.
struct HubProgramAccess::HubSide {
    QList<QMetaObject::Connection> changes;
    std::function<void()> tell;
};

HubProgramAccess::HubProgramAccess(core::Pairings &pairings,
                                   core::Tokens &tokens,
                                   QObject *hubContext)
    : m_pairings(pairings)
    , m_tokens(tokens)
    , m_hubContext(hubContext)
    , m_mailbox(std::make_shared<Mailbox>())
    , m_hubSide(std::make_shared<HubSide>())
{ }

HubProgramAccess::~HubProgramAccess()
{
    m_mailbox->close();
    QMetaObject::invokeMethod(
        m_hubContext,
        [side = m_hubSide] {
            for (const QMetaObject::Connection &change : side->changes)
                QObject::disconnect(change);
            side->tell = {};
        },
        Qt::QueuedConnection);
}

void HubProgramAccess::join(Listener listener)
{
    const auto joinOnHub = [&pairings = m_pairings, &tokens = m_tokens, context = m_hubContext,
                            mailbox = m_mailbox, side = m_hubSide, listener = std::move(listener)] {
        const auto tell = [&pairings, &tokens, mailbox, listener] {
            mailbox->post(
                [listener, all = Programs{pairings.waiting(), tokens.list()}] { listener(all); });
        };
        side->tell = tell;
        side->changes = {
            QObject::connect(&pairings, &core::Pairings::changed, context, tell),
            QObject::connect(&tokens, &core::Tokens::added, context, tell),
            QObject::connect(&tokens, &core::Tokens::revoked, context, tell),
        };
        tell();
    };
    QMetaObject::invokeMethod(m_hubContext, joinOnHub, Qt::QueuedConnection);
}

void HubProgramAccess::refresh()
{
    QMetaObject::invokeMethod(
        m_hubContext,
        [side = m_hubSide] {
            if (side->tell)
                side->tell();
        },
        Qt::QueuedConnection);
}

/// `answer` on the UI thread, to be called on the hub thread.
ProgramAccess::Answer HubProgramAccess::carried(Answer answer) const
{
    return [mailbox = m_mailbox, answer = std::move(answer)](const core::Result<void> &result) {
        mailbox->post([answer, result] { answer(result); });
    };
}

void HubProgramAccess::letIn(const QString &pairing, Answer answer)
{
    QMetaObject::invokeMethod(
        m_hubContext,
        [&pairings = m_pairings, pairing, done = carried(std::move(answer))] {
            pairings.accept(pairing, done);
        },
        Qt::QueuedConnection);
}

void HubProgramAccess::refuse(const QString &pairing, Answer answer)
{
    QMetaObject::invokeMethod(
        m_hubContext,
        [&pairings = m_pairings, pairing, done = carried(std::move(answer))] {
            done(pairings.refuse(pairing));
        },
        Qt::QueuedConnection);
}

void HubProgramAccess::revoke(const QString &token, Answer answer)
{
    QMetaObject::invokeMethod(
        m_hubContext,
        [&tokens = m_tokens, token, done = carried(std::move(answer))] {
            tokens.revoke(token, done);
        },
        Qt::QueuedConnection);
}

} // namespace ui
