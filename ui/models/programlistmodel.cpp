#include "ui/models/programlistmodel.h"

#include "ui/text/accesstext.h"
#include "ui/text/formatting.h"

#include <algorithm>

namespace ui {

ProgramListModel::ProgramListModel(QObject *parent)
    : QAbstractTableModel(parent)
{ }

ProgramListModel::~ProgramListModel() = default;

/// Tokens only ever go, or come at the end: their order is that of their making.
void ProgramListModel::setPrograms(const QList<core::TokenEntry> &programs)
{
    const auto isAt = [this](int row, const core::TokenEntry &program) {
        return row < m_programs.size() && m_programs.at(row).id == program.id;
    };
    const auto stays = [&programs](const QString &id) {
        return std::ranges::any_of(programs, [&id](const auto &one) { return one.id == id; });
    };
    for (int row = int(m_programs.size()) - 1; row >= 0; --row) {
        if (stays(m_programs.at(row).id))
            continue;
        beginRemoveRows({}, row, row);
        m_programs.removeAt(row);
        endRemoveRows();
    }
    for (int row = 0; row < programs.size(); ++row) {
        if (isAt(row, programs.at(row))) {
            m_programs[row] = programs.at(row);
            emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
            continue;
        }
        beginInsertRows({}, row, row);
        m_programs.insert(row, programs.at(row));
        endInsertRows();
    }
    emit programsChanged();
}

int ProgramListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_programs.size());
}

int ProgramListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ProgramListModel::data(const QModelIndex &index, int role) const
{
    const core::TokenEntry &program = m_programs.at(index.row());
    if (role == Qt::DisplayRole)
        return text(program, index.column());
    if (role == Qt::ToolTipRole && index.column() == Name)
        return program.name.toHtmlEscaped(); // a tool tip takes markup for markup
    return {};
}

QVariant ProgramListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
    case Name:
        return tr("Program");
    case May:
        return tr("May");
    case Owner:
        return tr("Owner");
    case LastUsed:
        return tr("Last used");
    case Expires:
        return tr("Ends");
    case ColumnCount:
        break;
    }
    return {};
}

QString ProgramListModel::text(const core::TokenEntry &program, int column)
{
    switch (Column(column)) {
    case Name:
        return program.name;
    case May:
        return scopeWords(program.scopes);
    case Owner:
        return program.owner;
    case LastUsed:
        return program.lastUsedAt == 0 ? tr("not yet") : formatTime(program.lastUsedAt);
    case Expires:
        return program.expiresAt == 0 ? tr("never") : formatTime(program.expiresAt);
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace ui
