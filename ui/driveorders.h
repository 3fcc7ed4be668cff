#pragma once
#include "ui/commands.h"
#include "ui/models/drivelistmodel.h"

#include <QObject>

#include <array>

class QAction;
class QWidget;

namespace ui {

/// What can be done with one drive besides writing it, as QActions, and their carrying out: asks what has
/// to be known, commands the hub, and says what did not work.
class DriveOrders final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DriveOrders)
public:
    enum class Order { Read, Compare, Format, Eject };
    static constexpr int Count = 4;

    /// `window` is the parent of questions. The others outlive it.
    DriveOrders(Commands &commands, DriveListModel &drives, QWidget *window);
    ~DriveOrders() override;

    [[nodiscard]] QList<QAction *> actions() const;
    /// The drive that is meant: row of the list, -1 for none.
    void setCurrent(int row);

signals:
    /// A sentence: a command was refused, or a drive may be pulled out.
    void said(const QString &sentence);
    /// A job was made.
    void added(core::JobId id);

private:
    void make(Order order, const QString &name, const QString &text);
    void carryOut(Order order);
    void read(const core::Drive &drive);
    void compare(const core::Drive &drive);
    void format(const DriveListModel::Judged &judged);
    void eject(const core::Drive &drive);
    void start(const core::Drive &drive, const core::DriveService::Spec &spec);

    Commands &m_commands;
    DriveListModel &m_drives;
    QWidget *m_window;
    std::array<QAction *, Count> m_actions{};
    core::DriveIdentity m_current; // no id: none
};

} // namespace ui
