#pragma once
#include <QWidget>

class QAction;
class QLabel;
class QTreeView;

namespace ui {

class DriveListModel;

/// The drives of this computer as they come and go: which may be written, and why the others may not.
class DrivesPane final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DrivesPane)
public:
    /// `write` opens the flash dialog. Both outlive it.
    DrivesPane(DriveListModel &drives, QAction &write, QWidget *parent = nullptr);
    ~DrivesPane() override;

private:
    void makeList();
    void showCurrent();

    DriveListModel &m_drives;
    QTreeView *m_list = nullptr;
    QLabel *m_none = nullptr;
    QLabel *m_facts = nullptr;
};

} // namespace ui
