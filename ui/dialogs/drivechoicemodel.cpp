#include "ui/dialogs/drivechoicemodel.h"

#include "ui/text/drivetext.h"

#include <QGuiApplication>
#include <QPalette>

#include <algorithm>

namespace ui {

DriveChoiceModel::DriveChoiceModel(DriveListModel &drives, QObject *parent)
    : QIdentityProxyModel(parent)
    , m_drives(drives)
{
    setSourceModel(&drives);
    connect(&drives, &DriveListModel::drivesChanged, this, &DriveChoiceModel::untickLost);
}

DriveChoiceModel::~DriveChoiceModel() = default;

void DriveChoiceModel::setImage(const Image &image)
{
    if (image == m_image)
        return;
    m_image = image;
    if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    untickLost();
}

QList<DriveListModel::Judged> DriveChoiceModel::ticked() const
{
    QList<DriveListModel::Judged> result;
    for (int row = 0; row < m_drives.rowCount(); ++row)
        if (isTicked(row))
            result.append(m_drives.drive(row));
    return result;
}

Qt::ItemFlags DriveChoiceModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags plain = QIdentityProxyModel::flags(index);
    const bool hasBox =
        index.isValid() && index.column() == DriveListModel::Name && refusal(index.row()).isEmpty();
    return hasBox ? plain | Qt::ItemIsUserCheckable : plain & ~Qt::ItemIsUserCheckable;
}

QVariant DriveChoiceModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const QString why = refusal(index.row());
    const bool isName = index.column() == DriveListModel::Name;
    if (role == Qt::CheckStateRole && isName && why.isEmpty())
        return isTicked(index.row()) ? Qt::Checked : Qt::Unchecked;
    if (role == Qt::DisplayRole && index.column() == DriveListModel::Verdict && !why.isEmpty())
        return why;
    if (role == Qt::ForegroundRole && !why.isEmpty())
        return QGuiApplication::palette().brush(QPalette::Disabled, QPalette::Text);
    if (role == Qt::AccessibleTextRole && isName && !why.isEmpty())
        return tr("%1, cannot be chosen: %2")
            .arg(driveName(m_drives.drive(index.row()).drive), why);
    return QIdentityProxyModel::data(index, role);
}

bool DriveChoiceModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const bool isBox = role == Qt::CheckStateRole && flags(index).testFlag(Qt::ItemIsUserCheckable);
    if (!isBox)
        return false;
    const core::Drive &drive = m_drives.drive(index.row()).drive;
    const core::DriveIdentity identity = drive.identity();
    m_ticks.removeIf([&identity](const Tick &tick) { return tick.drive == identity; });
    if (value.value<Qt::CheckState>() == Qt::Checked)
        m_ticks.append({identity, driveName(drive)});
    emit dataChanged(index, index, {Qt::CheckStateRole});
    emit tickedByUser();
    emit tickedChanged();
    return true;
}

QString DriveChoiceModel::refusal(int row) const
{
    const QString known = m_drives.refusal(row);
    if (!known.isEmpty())
        return known;
    const core::Drive &drive = m_drives.drive(row).drive;
    if (core::mayBeAmong(m_image.drives, drive.identity()))
        return tr("The image itself lies on it.");
    return m_image.fileBytes > drive.size ? tr("It is smaller than the image.") : QString();
}

bool DriveChoiceModel::isTicked(int row) const
{
    const core::DriveIdentity drive = m_drives.drive(row).drive.identity();
    return std::ranges::any_of(m_ticks, [&drive](const Tick &tick) { return tick.drive == drive; });
}

bool DriveChoiceModel::isStillTickable(const core::DriveIdentity &drive) const
{
    for (int row = 0; row < m_drives.rowCount(); ++row)
        if (m_drives.drive(row).drive.identity() == drive)
            return refusal(row).isEmpty();
    return false;
}

void DriveChoiceModel::untickLost()
{
    QStringList names;
    m_ticks.removeIf([this, &names](const Tick &tick) {
        const bool isLost = !isStillTickable(tick.drive);
        if (isLost)
            names.append(tick.name);
        return isLost;
    });
    emit tickedChanged();
    for (const QString &name : names)
        emit lost(name);
}

} // namespace ui
