#include "ui/hubagents.h"

#include "core/agents/agentboard.h"
#include "ui/mailbox.h"
#include "ui/models/agentlistmodel.h"

#include <QPointer>

namespace ui {

/// Touched on the hub thread only.
struct HubAgents::HubSide {
    QList<QMetaObject::Connection> changes;
};

HubAgents::HubAgents(const core::AgentBoard &board, const core::Clock &clock, QObject *hubContext)
    : m_board(board)
    , m_clock(clock)
    , m_hubContext(hubContext)
    , m_mailbox(std::make_shared<Mailbox>())
    , m_hubSide(std::make_shared<HubSide>())
{ }

HubAgents::~HubAgents()
{
    m_mailbox->close();
    QMetaObject::invokeMethod(
        m_hubContext,
        [side = m_hubSide] {
            for (const QMetaObject::Connection &change : side->changes)
                QObject::disconnect(change);
        },
        Qt::QueuedConnection);
}

void HubAgents::join(AgentListModel &model)
{
    const auto joinOnHub = [&board = m_board, context = m_hubContext, mailbox = m_mailbox,
                            side = m_hubSide, rows = QPointer(&model)] {
        const auto tellAll = [&board, mailbox, rows] {
            mailbox->post([rows, all = board.list(), counts = board.counts()] {
                if (!rows)
                    return;
                rows->setAgents(all);
                rows->setCounts(counts);
            });
        };
        const auto tellOne = [mailbox, rows, tellAll](const core::AgentChange &change) {
            if (!change
                     .before) // it has a place to find, and another may have been forgotten for it
                return tellAll();
            mailbox->post([rows, agent = change.agent] {
                if (rows)
                    rows->update(agent);
            });
        };
        const auto tellCounts = [mailbox, rows](const core::CoordinatorCounts &counts) {
            mailbox->post([rows, counts] {
                if (rows)
                    rows->setCounts(counts);
            });
        };
        side->changes = {
            QObject::connect(&board, &core::AgentBoard::agentChanged, context, tellOne),
            QObject::connect(&board, &core::AgentBoard::countsChanged, context, tellCounts),
        };
        tellAll();
    };
    QMetaObject::invokeMethod(m_hubContext, joinOnHub, Qt::QueuedConnection);
}

void HubAgents::askHistory(const QString &name, HistoryAnswer answer)
{
    const auto ask = [&board = m_board, &clock = m_clock, mailbox = m_mailbox, name,
                      answer = std::move(answer)] {
        AgentHistory history{.now = clock.wallTime(), .points = {}};
        if (!name.isEmpty())
            history.points = board.history(name);
        else
            for (const core::Agent &agent : board.list())
                history.points += board.history(agent.name);
        mailbox->post([answer, history] { answer(history); });
    };
    QMetaObject::invokeMethod(m_hubContext, ask, Qt::QueuedConnection);
}

} // namespace ui
