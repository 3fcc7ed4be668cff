#include "ui/views/noticebar.h"

#include "ui/symbols.h"
#include "ui/views/symbollabel.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace ui {

using namespace Qt::StringLiterals;

NoticeBar::NoticeBar(QWidget *parent)
    : QFrame(parent)
    , m_text(new QLabel)
    , m_more(new QLabel)
{
    setFrameShape(QFrame::StyledPanel);
    setBackgroundRole(QPalette::ToolTipBase);
    setForegroundRole(QPalette::ToolTipText);
    setAutoFillBackground(true);
    setAccessibleName(tr("Notice"));
    auto *line = new QHBoxLayout(this);
    auto *icon = new SymbolLabel(symbol(u"notice"_s, Tone::Waiting), 18);
    m_text->setObjectName(u"noticeText"_s);
    m_text->setForegroundRole(QPalette::ToolTipText);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_more->setForegroundRole(QPalette::ToolTipText);
    auto *close = new QToolButton;
    close->setObjectName(u"dismissNotice"_s);
    close->setIcon(symbol(u"close"_s, Tone::Waiting));
    close->setAutoRaise(true);
    close->setToolTip(tr("Dismiss this notice"));
    close->setAccessibleName(close->toolTip());
    connect(close, &QToolButton::clicked, this, &NoticeBar::dismiss);
    line->addWidget(icon, 0, Qt::AlignTop);
    line->addWidget(m_text, 1);
    line->addWidget(m_more);
    line->addWidget(close, 0, Qt::AlignTop);
    hide();
}

NoticeBar::~NoticeBar() = default;

void NoticeBar::add(const QString &text)
{
    if (!m_notices.contains(text))
        m_notices.append(text);
    showFirst();
}

void NoticeBar::dismiss()
{
    if (!m_notices.isEmpty())
        m_notices.removeFirst();
    showFirst();
}

void NoticeBar::showFirst()
{
    setVisible(!m_notices.isEmpty());
    if (m_notices.isEmpty())
        return;
    m_text->setText(m_notices.first());
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
    m_more->setText(m_notices.size() > 1 ? tr("1 of %1").arg(m_notices.size()) : QString());
}

} // namespace ui
