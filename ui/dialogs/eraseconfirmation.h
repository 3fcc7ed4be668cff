#pragma once
#include "core/flashintake.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace ui {

/// Says for each chosen drive what is erased. For one that holds something the user proves to have
/// looked at that very drive: by the last characters of its serial number.
class EraseConfirmation final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EraseConfirmation)
public:
    using Judged = core::FlashIntake::Judged;

    explicit EraseConfirmation(QWidget *parent = nullptr);
    ~EraseConfirmation() override;

    /// What was typed for a drive that stays is kept.
    void setDrives(const QList<Judged> &drives);
    /// Every drive that asks for it was proven.
    [[nodiscard]] bool isComplete() const;

    /// Whether the drive has to be proven: it is large, in use, or holds a file system.
    [[nodiscard]] static bool mustBeProven(const core::DriveVerdict &verdict);
    /// What has to be typed for it, in either case.
    [[nodiscard]] static QString proofOf(const core::Drive &drive);

signals:
    void edited();

private:
    struct Row {
        Judged judged;
        QWidget *widget = nullptr;
        QLabel *what = nullptr;
        QLabel *ask = nullptr;
        QLineEdit *proof = nullptr;
    };
    [[nodiscard]] Row makeRow();
    void show(Row &row, const Judged &judged);
    void removeAllBut(const QList<Judged> &drives);

    QVBoxLayout *m_column = nullptr;
    QList<Row> m_rows;
};

} // namespace ui
