#include "ui/symbols.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

static void registerIcons()
{
    Q_INIT_RESOURCE(icons); // a static library's resources are not registered by themselves
}

namespace ui {
namespace {

using namespace Qt::StringLiterals;

/// The bytes of one of our files; empty never happens in a program that was built whole.
QByteArray iconFile(const QString &name)
{
    registerIcons();
    QFile file(u":/icons/%1.svg"_s.arg(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("icon %s is missing", qPrintable(name));
    return file.readAll();
}

bool isDark()
{
    const QPalette palette = QGuiApplication::palette();
    return palette.color(QPalette::Base).lightness() < palette.color(QPalette::Text).lightness();
}

/// Between text and background, without transparency.
QColor mutedText()
{
    const QColor text = QGuiApplication::palette().color(QPalette::Text);
    const QColor base = QGuiApplication::palette().color(QPalette::Base);
    return QColor((text.red() * 3 + base.red() * 2) / 5, (text.green() * 3 + base.green() * 2) / 5,
                  (text.blue() * 3 + base.blue() * 2) / 5);
}

/// Draws a symbol file with `currentColor` replaced by the tone's colour.
class SymbolEngine final : public QIconEngine
{
public:
    SymbolEngine(QString name, Tone tone)
        : m_name(std::move(name))
        , m_tone(tone)
        , m_svg(iconFile(m_name))
    { }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        QByteArray svg = m_svg;
        svg.replace("currentColor", color(mode).name(QColor::HexRgb).toLatin1());
        QSvgRenderer(svg).render(painter, rect);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        const QString key = u"dray/%1/%2/%3x%4"_s.arg(m_name, color(mode).name())
                                .arg(size.width())
                                .arg(size.height());
        QPixmap result;
        if (QPixmapCache::find(key, &result))
            return result;
        result = QPixmap(size);
        result.fill(Qt::transparent);
        QPainter painter(&result);
        paint(&painter, QRect(QPoint(), size), mode, state);
        painter.end();
        QPixmapCache::insert(key, result);
        return result;
    }

    [[nodiscard]] QIconEngine *clone() const override { return new SymbolEngine(*this); }

private:
    [[nodiscard]] QColor color(QIcon::Mode mode) const
    {
        const QPalette palette = QGuiApplication::palette();
        if (mode == QIcon::Disabled)
            return palette.color(QPalette::Disabled, QPalette::Text);
        if (mode == QIcon::Selected)
            return palette.color(QPalette::HighlightedText);
        return toneColor(m_tone);
    }

    QString m_name;
    Tone m_tone;
    QByteArray m_svg;
};

} // namespace

QColor toneColor(Tone tone)
{
    switch (tone) {
    case Tone::Text:
        return QGuiApplication::palette().color(QPalette::Text);
    case Tone::Muted:
        return mutedText();
    case Tone::Active:
        return isDark() ? QColor(0x6cb4f5) : QColor(0x1f6fb2);
    case Tone::Good:
        return isDark() ? QColor(0x6fcf7f) : QColor(0x2a8a3e);
    case Tone::Bad:
        return isDark() ? QColor(0xff8a80) : QColor(0xc0392b);
    case Tone::Waiting:
        return isDark() ? QColor(0xe8b55a) : QColor(0xa66a00);
    }
    return {};
}

QColor toneFill(Tone tone)
{
    switch (tone) {
    case Tone::Text:
    case Tone::Muted:
        return QColor(0x75, 0x75, 0x75);
    case Tone::Active:
        return QColor(0x1f6fb2);
    case Tone::Good:
        return QColor(0x2e8b47);
    case Tone::Bad:
        return QColor(0xc0392b);
    case Tone::Waiting:
        return QColor(0xa8700a);
    }
    return {};
}

QIcon symbol(const QString &name, Tone tone)
{
    return QIcon(new SymbolEngine(name, tone));
}

QIcon appIcon()
{
    QSvgRenderer renderer(iconFile(u"dray"_s));
    QIcon icon;
    for (const int size : {16, 22, 24, 32, 48, 64, 128, 256}) {
        QPixmap pixmap(size, size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        renderer.render(&painter);
        painter.end();
        icon.addPixmap(pixmap);
    }
    return icon;
}

} // namespace ui
