#pragma once
#include "ui/text/totals.h"

#include <QMenu>
#include <QSystemTrayIcon>

namespace ui {

/// The icon in the system tray: what goes on at a glance, a menu, and notifications.
class Tray final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Tray)
public:
    explicit Tray(QObject *parent = nullptr);
    ~Tray() override;

    /// Whether there is a tray that shows our icon.
    [[nodiscard]] bool isAvailable() const;
    void setTotals(const Totals &totals);
    void setPageAvailable(bool isAvailable) { m_page->setEnabled(isAvailable); }
    /// A notification; clicking it asks for the window.
    void announce(const QString &title, const QString &text, QSystemTrayIcon::MessageIcon icon);
    [[nodiscard]] const QMenu &menu() const { return m_menu; }

signals:
    void showRequested();
    void addRequested();
    void pauseAllRequested();
    void resumeAllRequested();
    void pageRequested();
    void quitRequested();

private:
    enum class Badge { None, Busy, Failed };

    template<typename Signal>
    QAction *addAction(const QString &symbolName, const QString &text, Signal signal);
    void setBadge(Badge badge);

    QMenu m_menu;
    QSystemTrayIcon m_icon;
    QAction *m_pauseAll = nullptr;
    QAction *m_resumeAll = nullptr;
    QAction *m_page = nullptr;
    Badge m_badge = Badge::None;
};

} // namespace ui
