#include "ui/views/rowlist.h"

#include "ui/views/rowdelegate.h"

#include <QHeaderView>

namespace ui {

RowList::RowList(QAbstractItemModel &model, const QString &name, const QList<int> &stretched)
{
    setObjectName(name);
    setModel(&model);
    setItemDelegate(new RowDelegate(this));
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setAlternatingRowColors(true);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    header()->setResizeContentsPrecision(0); // what is seen: thousands of rows may change at once
    for (const int column : stretched)
        header()->setSectionResizeMode(column, QHeaderView::Stretch);
}

} // namespace ui
