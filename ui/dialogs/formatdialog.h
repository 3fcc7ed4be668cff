#pragma once
#include "ui/commands.h"
#include "ui/models/drivelistmodel.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace ui {

class EraseConfirmation;

/// Asks how one drive is given back empty, and that it be proven when it holds something.
class FormatDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FormatDialog)
public:
    FormatDialog(Commands &commands, DriveListModel::Judged judged, QWidget *parent = nullptr);
    ~FormatDialog() override;

    /// All drives as they are; when this one is not among them, nothing can be done with it any more.
    void setThere(const QList<DriveListModel::Judged> &drives);

signals:
    /// The hub made the job; the dialog closes.
    void added(core::JobId id);

private:
    void makeFields();
    void makeButtons();
    void check();
    void finish();
    void onAnswer(const core::Result<core::JobId> &id);
    [[nodiscard]] core::FormatSpec spec() const;

    Commands &m_commands;
    DriveListModel::Judged m_judged;
    EraseConfirmation *m_confirmation = nullptr;
    QComboBox *m_fileSystem = nullptr;
    QLineEdit *m_label = nullptr;
    QLabel *m_message = nullptr;
    QPushButton *m_format = nullptr;
    QString m_remark;
    bool m_isThere = true;
    bool m_isSent = false;
};

} // namespace ui
