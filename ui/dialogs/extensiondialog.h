#pragma once
#include "core/base/result.h"

#include <QDialog>

#include <functional>

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QTabWidget;
class QUrl;

namespace ui {

/// Puts the companion extension for browsers into a folder of the user's choice, and says how to load it.
class ExtensionDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExtensionDialog)
public:
    struct Ways {
        /// Writes the extension into a folder (absolute path).
        std::function<core::Result<void>(const QString &folder)> exportTo;
        /// Opens a folder in another program.
        std::function<void(const QUrl &)> openUrl;
    };

    explicit ExtensionDialog(Ways ways, QWidget *parent = nullptr);
    ~ExtensionDialog() override;

private:
    [[nodiscard]] QHBoxLayout *makeFolderLine();
    void makeSteps();
    void makeButtons();
    void chooseFolder();
    void check();
    void write();
    void showSteps(const QString &folder);
    void say(const QString &text, const QColor &color);

    const Ways m_ways;
    QLineEdit *m_folder = nullptr;
    QPushButton *m_write = nullptr;
    QLabel *m_message = nullptr;
    QTabWidget *m_steps = nullptr; // a tab for each family of browsers
    QPushButton *m_open = nullptr;
    QString m_written; // the folder that has the extension, "" when none
};

} // namespace ui
