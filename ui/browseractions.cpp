#include "ui/browseractions.h"

#include "ui/symbols.h"

#include <QAction>
#include <QMenu>
#include <QToolBar>
#include <QToolButton>

namespace ui {

using namespace Qt::StringLiterals;

BrowserActions::BrowserActions(Ways ways, QWidget *window)
    : QObject(window)
    , m_ways(std::move(ways))
    , m_window(window)
{
    makeActions(*window);
}

BrowserActions::~BrowserActions() = default;

void BrowserActions::addTo(QToolBar &bar)
{
    bar.addAction(m_page);
    auto *button = qobject_cast<QToolButton *>(bar.widgetForAction(m_page));
    auto *menu = new QMenu(button);
    menu->addActions({m_page, m_extension});
    button->setMenu(menu);
    button->setPopupMode(QToolButton::MenuButtonPopup);
}

void BrowserActions::makeActions(QWidget &window)
{
    m_page = new QAction(symbol(u"browser"_s), tr("Open in &browser"), this);
    m_page->setObjectName(u"browser"_s);
    m_page->setToolTip(tr("Show this list in a web browser"));
    m_page->setEnabled(false);
    connect(m_page, &QAction::triggered, this, [this] { m_ways.openPage(); });
    m_extension = new QAction(symbol(u"browser"_s), tr("&Extension for browsers…"), this);
    m_extension->setObjectName(u"extension"_s);
    m_extension->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_E));
    connect(m_extension, &QAction::triggered, this, &BrowserActions::showDialog);
    window.addActions({m_page, m_extension});
}

void BrowserActions::showDialog()
{
    if (!m_dialog) {
        m_dialog = new ExtensionDialog(m_ways.extension, m_window);
        m_dialog->setAttribute(Qt::WA_DeleteOnClose);
        m_dialog->open();
    }
    m_dialog->raise();
}

} // namespace ui
