#pragma once
#include "core/base/clock.h"
#include "ui/programaccess.h"

#include <QObject>
#include <QPointer>
#include <QSet>

class QWidget;

namespace ui {

class PairingDialog;

/// Puts programs that ask to be let in to the user, one dialog after the other while the window is
/// seen. One that gave up or whose time is over closes by itself, and that is said.
class PairingAnswers final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PairingAnswers)
public:
    /// `window` is the parent of the dialogs.
    PairingAnswers(ProgramAccess &access, const core::Clock &clock, QWidget *window);
    ~PairingAnswers() override;

    /// All that wait, oldest first.
    void setAsking(const QList<core::Pairing> &asking);
    /// Shows the dialog of the one that waits longest, if any and if the window is seen.
    void show();

signals:
    /// Somebody asks who has not been told of.
    void asked(const core::Pairing &pairing);
    /// What became of an asker, when it is not what the user answered.
    void said(const QString &text);

private:
    struct Asker {
        core::Pairing pairing;
        core::Milliseconds until; // monotonic
    };

    [[nodiscard]] bool isKnown(const QString &id) const;
    void dropAllBut(const QList<core::Pairing> &asking);
    void letIn(const core::Pairing &pairing);
    void refuse(const core::Pairing &pairing);
    void take(const QString &id);

    ProgramAccess &m_access;
    const core::Clock &m_clock;
    QWidget *m_window;
    QList<Asker> m_asking;
    QSet<QString> m_answered; // which the hub may tell of yet
    QPointer<PairingDialog> m_dialog; // the one that waits for the user
};

} // namespace ui
