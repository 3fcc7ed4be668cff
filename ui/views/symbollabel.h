#pragma once
#include <QIcon>
#include <QWidget>

namespace ui {

/// A symbol beside a text. Unlike a label with a pixmap it follows a change of the palette.
class SymbolLabel final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SymbolLabel)
public:
    SymbolLabel(QIcon icon, int edgePixels, QWidget *parent = nullptr);
    ~SymbolLabel() override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QIcon m_icon;
};

} // namespace ui
