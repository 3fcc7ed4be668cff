#pragma once
#include "core/drives/drivelist.h"

#include <QAbstractTableModel>
#include <QHash>

namespace ui {

/// The drives of this computer as rows, by path, system drives too.
///
/// Threads: UI thread. DriveSource feeds it.
class DriveListModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DriveListModel)
public:
    enum Column { Name, Path, Size, Connection, Holds, Verdict, ColumnCount };
    using Judged = core::JudgedDrive;

    explicit DriveListModel(QObject *parent = nullptr);
    ~DriveListModel() override;

    /// All drives there are, by path. Rows of drives that stay keep their place in the view.
    void setDrives(const QList<Judged> &drives);
    /// Names of the jobs that use drives or will, by the drives' ids.
    void setUsers(const QHash<QString, QString> &jobNames);

    [[nodiscard]] const QList<Judged> &drives() const { return m_drives; }
    /// `row` must be there.
    [[nodiscard]] const Judged &drive(int row) const { return m_drives.at(row); }
    /// Why the drive cannot be chosen to be written, a sentence; "" when it can.
    [[nodiscard]] QString refusal(int row) const;
    /// Why the drive cannot be read, compared or ejected, a sentence; "" when it can.
    [[nodiscard]] QString readingRefusal(int row) const;
    /// What people call the drive of that id; the id when it is not there.
    [[nodiscard]] QString nameOf(const QString &id) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant
    headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    /// Something about the drives changed, after the rows did.
    void drivesChanged();

private:
    void removeMissing(const QList<Judged> &drives);
    [[nodiscard]] QString text(int row, int column) const;
    [[nodiscard]] QString refusalBy(const core::DriveVerdict &verdict, const QString &id) const;

    QList<Judged> m_drives;
    QHash<QString, QString> m_users;
};

} // namespace ui
