#pragma once
#include "core/store/tokens.h"

#include <QAbstractTableModel>

namespace ui {

/// The programs that are let in, by their tokens, as rows, oldest first.
///
/// Threads: UI thread.
class ProgramListModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProgramListModel)
public:
    enum Column { Name, May, Owner, LastUsed, Expires, ColumnCount };

    explicit ProgramListModel(QObject *parent = nullptr);
    ~ProgramListModel() override;

    /// All there are, oldest first. Rows of those that stay keep their place in the view.
    void setPrograms(const QList<core::TokenEntry> &programs);
    /// `row` must be there.
    [[nodiscard]] const core::TokenEntry &program(int row) const { return m_programs.at(row); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant
    headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    /// Something about the programs changed, after the rows did.
    void programsChanged();

private:
    [[nodiscard]] static QString text(const core::TokenEntry &program, int column);

    QList<core::TokenEntry> m_programs;
};

} // namespace ui
