#pragma once
#include <QStyledItemDelegate>

#include <array>

namespace ui {

/// Paints rows with a state and a progress (RowRole), with as much room as those of the job list.
class StateDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StateDelegate)
public:
    /// The columns that get an icon and a bar.
    struct Columns {
        int state = -1;
        int progress = -1;
    };

    explicit StateDelegate(Columns columns, QObject *parent = nullptr);
    ~StateDelegate() override;

    void paint(QPainter *painter,
               const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    Columns m_columns;
    std::array<QIcon, 6> m_icons; // by state
};

} // namespace ui
