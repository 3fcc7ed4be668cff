#pragma once
#include "ui/commands.h"

#include <QDialog>

class QDialogButtonBox;
class QTabWidget;
class QVBoxLayout;

namespace ui {

class SettingRow;

/// All settings there are, a row each, in a group for each part before the dot. Saving sets those
/// that were changed; the dialog closes when all were accepted, else it says at a field what is wrong.
class SettingsDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SettingsDialog)
public:
    /// Asks `commands`, which outlives it, for the settings.
    explicit SettingsDialog(Commands &commands, QWidget *parent = nullptr);
    ~SettingsDialog() override;

    /// Shows `page`, which becomes the dialog's, behind the settings; what it does is not saved with them.
    void addPage(QWidget *page, const QString &title);

private:
    void makeButtons();
    void show(const QList<core::Settings::Entry> &entries);
    void save();
    void onAnswer(SettingRow &row, const core::Result<void> &result);

    Commands &m_commands;
    QTabWidget *m_pages = nullptr;
    QVBoxLayout *m_groups = nullptr;
    QDialogButtonBox *m_buttons = nullptr;
    QList<SettingRow *> m_rows;
    int m_unanswered = 0;
    SettingRow *m_firstWrong = nullptr; // of those that were saved last
};

} // namespace ui
