#include "ui/models/drivelistmodel.h"

#include "core/drives/drivewords.h"
#include "core/drives/readingverdict.h"
#include "ui/text/drivetext.h"

#include <QGuiApplication>
#include <QPalette>

#include <algorithm>

namespace ui {

using namespace Qt::StringLiterals;

DriveListModel::DriveListModel(QObject *parent)
    : QAbstractTableModel(parent)
{ }

DriveListModel::~DriveListModel() = default;

void DriveListModel::setDrives(const QList<Judged> &drives)
{
    removeMissing(drives);
    for (int row = 0; row < drives.size(); ++row) {
        const bool isKnown =
            row < m_drives.size() && m_drives.at(row).drive.id == drives.at(row).drive.id;
        if (isKnown) {
            m_drives[row] = drives.at(row);
            emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
        } else {
            beginInsertRows({}, row, row);
            m_drives.insert(row, drives.at(row));
            endInsertRows();
        }
    }
    emit drivesChanged();
}

/// Leaves the drives that are in `drives`, as far as they are in its order.
void DriveListModel::removeMissing(const QList<Judged> &drives)
{
    qsizetype next = 0; // the place in `drives` from which the following row has to come
    for (int row = 0; row < m_drives.size();) {
        const auto found =
            std::find_if(drives.begin() + next, drives.end(), [this, row](const Judged &judged) {
                return judged.drive.id == m_drives.at(row).drive.id;
            });
        if (found != drives.end()) {
            next = found - drives.begin() + 1;
            ++row;
            continue;
        }
        beginRemoveRows({}, row, row);
        m_drives.removeAt(row);
        endRemoveRows();
    }
}

void DriveListModel::setUsers(const QHash<QString, QString> &jobNames)
{
    if (jobNames == m_users)
        return;
    m_users = jobNames;
    if (!m_drives.isEmpty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    emit drivesChanged();
}

QString DriveListModel::refusal(int row) const
{
    const Judged &judged = m_drives.at(row);
    return refusalBy(judged.verdict, judged.drive.id);
}

QString DriveListModel::readingRefusal(int row) const
{
    const Judged &judged = m_drives.at(row);
    return refusalBy(core::readingVerdict(judged.verdict), judged.drive.id);
}

QString DriveListModel::refusalBy(const core::DriveVerdict &verdict, const QString &id) const
{
    if (!verdict.isAllowed())
        return verdict.reason;
    const QString user = m_users.value(id);
    return user.isEmpty() ? QString() : tr("The job “%1” uses it.").arg(user);
}

QString DriveListModel::nameOf(const QString &id) const
{
    for (const Judged &judged : m_drives)
        if (judged.drive.id == id)
            return u"%1 (%2)"_s.arg(driveName(judged.drive), judged.drive.path);
    return id;
}

int DriveListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_drives.size());
}

int DriveListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DriveListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const core::Drive &drive = m_drives.at(index.row()).drive;
    switch (role) {
    case Qt::DisplayRole:
        return text(index.row(), index.column());
    case Qt::ToolTipRole:
        return core::driveWords(drive) + u'\n' + core::erasedContents(drive);
    case Qt::AccessibleTextRole:
        return index.column() != Name
            ? QVariant(text(index.row(), index.column()))
            : QVariant(
                QStringList{driveName(drive), driveMarks(drive), text(index.row(), Verdict)}.join(
                    u", "_s));
    case Qt::TextAlignmentRole:
        return index.column() == Size ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case Qt::ForegroundRole: // still to be reached by the keyboard, to read why not
        return refusal(index.row()).isEmpty()
            ? QVariant()
            : QVariant(QGuiApplication::palette().brush(QPalette::Disabled, QPalette::Text));
    default:
        return {};
    }
}

QString DriveListModel::text(int row, int column) const
{
    const Judged &judged = m_drives.at(row);
    switch (Column(column)) {
    case Name:
        return driveName(judged.drive);
    case Path:
        return judged.drive.path;
    case Size:
        return driveSize(judged.drive.size);
    case Connection:
        return busText(judged.drive.bus);
    case Holds:
        return judged.drive.hasMedium() ? core::erasedContents(judged.drive) : QString();
    case Verdict: {
        const QString why = refusal(row);
        return why.isEmpty() ? verdictText(judged.verdict) : why;
    }
    case ColumnCount:
        break;
    }
    return {};
}

QVariant DriveListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section == Size)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
    case Name:
        return tr("Drive");
    case Path:
        return tr("Path");
    case Size:
        return tr("Size");
    case Connection:
        return tr("Connection");
    case Holds:
        return tr("Holds");
    case Verdict:
        return tr("Writing");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace ui
