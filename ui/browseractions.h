#pragma once
#include "ui/dialogs/extensiondialog.h"

#include <QObject>
#include <QPointer>

class QAction;
class QToolBar;

namespace ui {

/// What leads from the window into a browser: the page, and the companion extension.
class BrowserActions final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BrowserActions)
public:
    struct Ways {
        std::function<void()> openPage;
        ExtensionDialog::Ways extension;
    };

    /// `window` gets the shortcuts, and is the parent of the dialog.
    BrowserActions(Ways ways, QWidget *window);
    ~BrowserActions() override;

    /// Can be carried out while a server runs.
    [[nodiscard]] QAction &page() { return *m_page; }
    [[nodiscard]] QAction *extension() { return m_extension; }
    /// One button: the page, and the extension in its menu.
    void addTo(QToolBar &bar);

private:
    void makeActions(QWidget &window);
    void showDialog();

    const Ways m_ways;
    QWidget *m_window;
    QAction *m_page = nullptr;
    QAction *m_extension = nullptr;
    QPointer<ExtensionDialog> m_dialog;
};

} // namespace ui
