#pragma once
#include "server/dialects/native/pairmethods.h"

#include <QObject>

namespace server {

/// `pair.request` of one connection: asks the local user, and takes the question back when the
/// connection goes.
///
/// Threads: the hub thread.
class PairingAsk final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PairingAsk)
public:
    explicit PairingAsk(core::Pairings &pairings);
    ~PairingAsk() override;

    /// `origin` is the Origin of the upgrade. Answers once, at once or when the user did.
    void ask(const Params &params, const QByteArray &origin, const PairAnswer &answer);
    void withdraw();
    [[nodiscard]] bool isWaiting() const { return !m_id.isEmpty(); }

private:
    core::Pairings &m_pairings;
    QString m_id; // while the user is asked
};

} // namespace server
