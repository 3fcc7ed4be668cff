#include "server/dialects/native/pairingask.h"

#include <QPointer>

namespace server {

using namespace Qt::StringLiterals;

PairingAsk::PairingAsk(core::Pairings &pairings)
    : m_pairings(pairings)
{ }

PairingAsk::~PairingAsk()
{
    withdraw();
}

void PairingAsk::ask(const Params &params, const QByteArray &origin, const PairAnswer &answer)
{
    auto asked = pairingFrom(params, origin);
    if (!asked)
        return answer(core::fail(asked.error()));
    if (isWaiting())
        return answer(core::fail(core::ErrorCode::InvalidState, u"one at a time"_s));
    const auto finish = [self = QPointer(this), answer](const core::Result<core::MadeToken> &made) {
        PairingAsk *const open = self.data();
        if (!open)
            return false;
        open->m_id.clear();
        answer(made.map(pairedResult));
        return true;
    };
    const auto id = m_pairings.ask(std::move(*asked), finish);
    if (!id)
        return answer(core::fail(id.error()));
    m_id = *id;
}

void PairingAsk::withdraw()
{
    const QString id = m_id;
    m_id.clear();
    if (!id.isEmpty())
        m_pairings.withdraw(id);
}

} // namespace server
