#include "ui/tray.h"

#include "ui/symbols.h"

#include <QPainter>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

constexpr int DotPercent = 44; // of the icon's edge

/// The program's icon with a dot in its corner.
QIcon withDot(const QColor &color)
{
    QIcon result;
    for (const int size : {16, 22, 24, 32, 48, 64}) {
        QPixmap pixmap = appIcon().pixmap(QSize(size, size), 1.0);
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        const double dot = size * DotPercent / 100.0;
        painter.setPen(QPen(Qt::white, size / 16.0));
        painter.setBrush(color);
        painter.drawEllipse(QRectF(size - dot - 0.5, size - dot - 0.5, dot, dot));
        painter.end();
        result.addPixmap(pixmap);
    }
    return result;
}

} // namespace

template<typename Signal>
QAction *Tray::addAction(const QString &symbolName, const QString &text, Signal signal)
{
    QAction *action = m_menu.addAction(symbol(symbolName), text);
    action->setObjectName(symbolName);
    connect(action, &QAction::triggered, this, signal);
    return action;
}

Tray::Tray(QObject *parent)
    : QObject(parent)
{
    addAction(u"window"_s, tr("&Show the window"), &Tray::showRequested);
    addAction(u"add"_s, tr("&Add downloads"), &Tray::addRequested);
    m_menu.addSeparator();
    m_pauseAll = addAction(u"pause"_s, tr("&Pause all"), &Tray::pauseAllRequested);
    m_resumeAll = addAction(u"resume"_s, tr("&Resume all"), &Tray::resumeAllRequested);
    m_menu.addSeparator();
    m_page = addAction(u"browser"_s, tr("Open in &browser"), &Tray::pageRequested);
    addAction(u"quit"_s, tr("&Quit"), &Tray::quitRequested);
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, &Tray::showRequested);
    connect(&m_icon, &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason == QSystemTrayIcon::Trigger)
                    emit showRequested();
            });
    m_icon.setContextMenu(&m_menu);
    m_icon.setIcon(appIcon());
    setTotals({});
    m_icon.show();
}

Tray::~Tray() = default;

bool Tray::isAvailable() const
{
    return QSystemTrayIcon::isSystemTrayAvailable() && m_icon.isVisible();
}

void Tray::setTotals(const Totals &totals)
{
    m_icon.setToolTip(tooltipText(totals));
    m_pauseAll->setEnabled(totals.running + totals.queued > 0);
    m_resumeAll->setEnabled(totals.paused > 0);
    setBadge(totals.running > 0 ? Badge::Busy : totals.failed > 0 ? Badge::Failed : Badge::None);
}

void Tray::announce(const QString &title, const QString &text, QSystemTrayIcon::MessageIcon icon)
{
    m_icon.showMessage(title, text, icon);
}

void Tray::setBadge(Badge badge)
{
    if (badge == m_badge)
        return;
    m_badge = badge;
    switch (badge) {
    case Badge::None:
        return m_icon.setIcon(appIcon());
    case Badge::Busy:
        return m_icon.setIcon(withDot(QColor(0x2e, 0xcc, 0x71)));
    case Badge::Failed:
        return m_icon.setIcon(withDot(QColor(0xe7, 0x4c, 0x3c)));
    }
}

} // namespace ui
