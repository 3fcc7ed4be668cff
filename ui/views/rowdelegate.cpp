#include "ui/views/rowdelegate.h"

namespace ui {
namespace {

constexpr int RowPadding = 12; // as JobDelegate
constexpr int ColumnPadding = 12;

} // namespace

RowDelegate::RowDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{ }

RowDelegate::~RowDelegate() = default;

QSize RowDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QSize hint = QStyledItemDelegate::sizeHint(option, index);
    return {hint.width() + ColumnPadding, option.fontMetrics.height() + RowPadding};
}

} // namespace ui
