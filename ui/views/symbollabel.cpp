#include "ui/views/symbollabel.h"

#include <QPainter>

namespace ui {

SymbolLabel::SymbolLabel(QIcon icon, int edgePixels, QWidget *parent)
    : QWidget(parent)
    , m_icon(std::move(icon))
{
    setFixedSize(edgePixels, edgePixels);
}

SymbolLabel::~SymbolLabel() = default;

void SymbolLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    m_icon.paint(&painter, rect());
}

} // namespace ui
