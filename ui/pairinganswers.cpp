#include "ui/pairinganswers.h"

#include "ui/dialogs/pairingdialog.h"
#include "ui/text/accesstext.h"

#include <QWidget>

#include <algorithm>

namespace ui {

PairingAnswers::PairingAnswers(ProgramAccess &access, const core::Clock &clock, QWidget *window)
    : QObject(window)
    , m_access(access)
    , m_clock(clock)
    , m_window(window)
{ }

PairingAnswers::~PairingAnswers() = default;

void PairingAnswers::setAsking(const QList<core::Pairing> &asking)
{
    dropAllBut(asking);
    for (const core::Pairing &pairing : asking) {
        if (isKnown(pairing.id))
            continue;
        // The wall clock may be set while the program waits.
        const core::Milliseconds left = pairing.expiresAt - m_clock.wallTime();
        m_asking.append({pairing, m_clock.monotonicTime() + left});
        emit asked(pairing);
    }
    show();
}

bool PairingAnswers::isKnown(const QString &id) const
{
    return m_answered.contains(id) || std::ranges::any_of(m_asking, [&id](const Asker &asker) {
               return asker.pairing.id == id;
           });
}

void PairingAnswers::dropAllBut(const QList<core::Pairing> &asking)
{
    const auto isGone = [&asking](const QString &id) {
        return std::ranges::none_of(asking,
                                    [&id](const core::Pairing &one) { return one.id == id; });
    };
    m_answered.removeIf(isGone);
    const QList<Asker> before = m_asking;
    m_asking.removeIf([&isGone](const Asker &asker) { return isGone(asker.pairing.id); });
    if (PairingDialog *dialog = m_dialog; dialog && isGone(dialog->pairing().id)) {
        m_dialog.clear();
        dialog->end();
    }
    for (const Asker &asker : before)
        if (isGone(asker.pairing.id))
            emit said(m_clock.monotonicTime() >= asker.until ? pairingOverText(asker.pairing.name)
                                                             : pairingGoneText(asker.pairing.name));
}

void PairingAnswers::show()
{
    const bool isSeen = m_window->isVisible() && !m_window->isMinimized();
    if (m_asking.isEmpty() || !isSeen)
        return;
    if (PairingDialog *open = m_dialog)
        return open->raise();
    const Asker &first = m_asking.constFirst();
    auto *dialog = new PairingDialog(first.pairing, m_clock, first.until, m_window);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { letIn(dialog->pairing()); });
    connect(dialog, &QDialog::rejected, this, [this, dialog] { refuse(dialog->pairing()); });
    m_dialog = dialog;
    dialog->show();
    dialog->raise();
}

void PairingAnswers::letIn(const core::Pairing &pairing)
{
    take(pairing.id);
    m_access.letIn(pairing.id,
                   [self = QPointer(this), name = pairing.name](const core::Result<void> &done) {
                       if (self && !done)
                           emit self->said(letInFailedText(name, done.error()));
                   });
    show();
}

void PairingAnswers::refuse(const core::Pairing &pairing)
{
    take(pairing.id);
    m_access.refuse(pairing.id,
                    [](const core::Result<void> &) {}); // one that is gone has no access
    show();
}

void PairingAnswers::take(const QString &id)
{
    m_asking.removeIf([&id](const Asker &asker) { return asker.pairing.id == id; });
    m_answered.insert(id);
    m_dialog.clear();
}

} // namespace ui
