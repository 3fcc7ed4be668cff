#pragma once
#include "ui/commands.h"
#include "ui/dialogs/flashform.h"

#include <QDialog>

class QCheckBox;
class QDialogButtonBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;
class QTreeView;

namespace ui {

class DriveChoiceModel;
class DriveListModel;
class EraseConfirmation;

/// Asks which image is written to which drives. Nothing is chosen for the user: each drive is ticked by
/// hand, what it holds is said, and one that holds something has to be proven.
///
///   tick drives ─► read what is erased ─► prove each ─► "Erase and write" ─► the hub's answer: closes,
///   or says here what is wrong
class FlashDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FlashDialog)
public:
    /// What it is asked for: a flash alone, or the ready-made workflow, for which the checksum stands with
    /// the image.
    enum class Purpose { Flash, Workflow };
    /// Gives the order to the hub and its answer back, on the UI thread.
    using Send = std::function<void(const FlashOrder &, Commands::Answer)>;

    /// The drives outlive it, and so does what `send` needs.
    FlashDialog(Purpose purpose, Send send, DriveListModel &drives, QWidget *parent = nullptr);
    ~FlashDialog() override;

    /// Takes the place of what stands in the field.
    void setImage(const QString &path);

private:
    void makeImageLine(QFormLayout &form);
    void makeChecksumLine(QFormLayout &form);
    void makeDrives();
    QWidget *makeConfirmation();
    QWidget *makeAdvanced();
    void makeButtons();
    QLineEdit *addField(QFormLayout &form, const QString &name, const QString &label);
    void connectParts();
    void chooseImage();
    void lookAtImage();
    void forgetRemark();
    void check();
    void fitHeight();
    void onLost(const QString &driveName);
    void finish();
    void onAnswer(const core::Result<void> &added);
    [[nodiscard]] FlashForm form() const;

    Send m_send;
    DriveChoiceModel *m_choice;
    QLineEdit *m_image = nullptr;
    QTreeView *m_drives = nullptr;
    EraseConfirmation *m_confirmation = nullptr;
    QLabel *m_erased = nullptr;
    QCheckBox *m_verify = nullptr;
    QToolButton *m_fold = nullptr;
    QWidget *m_advanced = nullptr;
    QLineEdit *m_sha256 = nullptr;
    QLineEdit *m_bmap = nullptr;
    QLineEdit *m_partition = nullptr;
    QLabel *m_message = nullptr;
    QDialogButtonBox *m_buttons = nullptr;
    QPushButton *m_write = nullptr;
    /// What stays said until something is changed: a drive that went, the hub's refusal.
    QString m_remark;
    bool m_isSent = false;
};

} // namespace ui
