#pragma once
#include "ui/commands.h"

#include <QObject>
#include <QPointer>

class QWidget;

namespace ui {

class DriveListModel;
class FlashDialog;

/// The image that a single job fetched or wrote; "" when it is none, or there are several jobs.
[[nodiscard]] QString imageOf(const QList<core::JobSnapshot> &jobs);

/// Lets the user write images to USB drives: one dialog at a time.
class FlashOrders final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FlashOrders)
public:
    /// `window` is the parent of the dialog. The others outlive it.
    FlashOrders(Commands &commands, DriveListModel &drives, QWidget *window);
    ~FlashOrders() override;

    /// Opens the dialog, or raises the one that is open, with that image. "": none is chosen.
    void offer(const QString &image);
    /// Tells the list of drives which of them jobs use or will use.
    void setJobs(const QList<core::JobSnapshot> &jobs);

signals:
    /// A job was made.
    void added(core::JobId id);

private:
    void flash(const FlashOrder &order, const Commands::Answer &answer);

    Commands &m_commands;
    DriveListModel &m_drives;
    QWidget *m_window;
    QPointer<FlashDialog> m_dialog;
};

} // namespace ui
