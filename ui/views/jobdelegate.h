#pragma once
#include <QHash>
#include <QIcon>
#include <QStyledItemDelegate>

namespace ui {

/// Paints the rows of a job list: symbols for kind and state, and the style's own progress bar.
class JobDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobDelegate)
public:
    explicit JobDelegate(QObject *parent = nullptr);
    ~JobDelegate() override;

    void paint(QPainter *painter,
               const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    QHash<int, QIcon> m_stateIcons;
    QHash<int, QIcon> m_kindIcons;
};

} // namespace ui
