#pragma once
#include "core/pairings.h"

#include <QDialog>

class QFormLayout;
class QLabel;
class QPushButton;

namespace ui {

/// Asks whether a program may be let in: accepted() is a yes, rejected() a no. It appears unasked
/// for, so no key or click that was meant for something else says yes.
class PairingDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PairingDialog)
public:
    /// Until then a click lets nobody in: it may have been meant for what was there before.
    static constexpr core::Milliseconds FirstLook = std::chrono::seconds(1);

    /// `until`: monotonic time of `clock`, after which the program is refused.
    PairingDialog(core::Pairing asked,
                  const core::Clock &clock,
                  core::Milliseconds until,
                  QWidget *parent = nullptr);
    ~PairingDialog() override;

    [[nodiscard]] const core::Pairing &pairing() const { return m_asked; }
    /// Closes without an answer.
    void end();

private:
    [[nodiscard]] QFormLayout *makeFacts() const;
    void makeCode();
    [[nodiscard]] QLabel *makeScopes() const;
    void makeButtons();
    void onTick();
    void showTimeLeft();

    const core::Pairing m_asked;
    const core::Clock &m_clock;
    const core::Milliseconds m_shownAt; // monotonic
    const core::Milliseconds m_until; // monotonic
    QLabel *m_code = nullptr;
    QLabel *m_timeLeft = nullptr;
    QPushButton *m_letIn = nullptr;
};

} // namespace ui
