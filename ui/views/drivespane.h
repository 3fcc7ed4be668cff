#pragma once
#include <QWidget>

class QAction;
class QLabel;
class QTreeView;

namespace ui {

class DriveListModel;
class DriveOrders;

/// The drives of this computer as they come and go: which may be written, and why the others may not.
class DrivesPane final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DrivesPane)
public:
    /// What can be done is shown as buttons: `write` opens the flash dialog, `orders` are for the drive
    /// that is selected. All outlive it.
    DrivesPane(DriveListModel &drives,
               QAction &write,
               DriveOrders &orders,
               QWidget *parent = nullptr);
    ~DrivesPane() override;

private:
    void makeList();
    [[nodiscard]] QLayout *makeButtons(QAction &write);
    void showCurrent();

    DriveListModel &m_drives;
    DriveOrders &m_orders;
    QTreeView *m_list = nullptr;
    QLabel *m_none = nullptr;
    QLabel *m_facts = nullptr;
};

} // namespace ui
