#pragma once
#include <QStyledItemDelegate>

namespace ui {

/// Gives the rows of a list as much room as those of the job list.
class RowDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RowDelegate)
public:
    explicit RowDelegate(QObject *parent = nullptr);
    ~RowDelegate() override;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;
};

} // namespace ui
