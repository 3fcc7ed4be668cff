#pragma once
#include "core/drives/flashticket.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace ui {

/// Says for each drive what is erased. The user proves to have looked at that very drive: by the last
/// characters of its serial number.
class EraseConfirmation final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EraseConfirmation)
public:
    /// Which drives have to be proven. Risky: those that are large, in use, or hold a file system.
    enum class Prove { Risky, All };

    explicit EraseConfirmation(Prove which, QWidget *parent = nullptr);
    ~EraseConfirmation() override;

    /// What was typed for a drive that stays is kept.
    void setDrives(const QList<core::DriveErasure> &drives);
    /// Every drive that asks for it was proven.
    [[nodiscard]] bool isComplete() const;

    [[nodiscard]] bool mustBeProven(const core::DriveErasure &erasure) const;
    /// What has to be typed for it, in either case.
    [[nodiscard]] static QString proofOf(const core::DriveIdentity &drive);

signals:
    void edited();

private:
    struct Row {
        core::DriveErasure erasure;
        QWidget *widget = nullptr;
        QLabel *what = nullptr;
        QLabel *ask = nullptr;
        QLineEdit *proof = nullptr;
    };
    [[nodiscard]] Row makeRow();
    void show(Row &row, const core::DriveErasure &erasure);
    void removeAllBut(const QList<core::DriveErasure> &drives);

    const Prove m_which;
    QVBoxLayout *m_column = nullptr;
    QList<Row> m_rows;
};

} // namespace ui
