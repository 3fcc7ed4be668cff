#pragma once
#include <QTreeView>

namespace ui {

/// A list of rows with columns, as RowDelegate paints them; `stretched` columns share what is left of the
/// width. `name` is the object's, for tests.
class RowList : public QTreeView
{
    Q_OBJECT
public:
    RowList(QAbstractItemModel &model, const QString &name, const QList<int> &stretched);
};

} // namespace ui
