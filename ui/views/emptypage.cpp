#include "ui/views/emptypage.h"

#include "ui/symbols.h"

#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

EmptyPage::EmptyPage(QAction &add, QWidget *parent)
    : QWidget(parent)
    , m_title(new QLabel)
    , m_text(new QLabel)
    , m_add(new QToolButton)
{
    auto *icon = new QLabel;
    icon->setPixmap(appIcon().pixmap(96, 96));
    icon->setAlignment(Qt::AlignCenter);
    QFont large = m_title->font();
    large.setPointSizeF(large.pointSizeF() * 1.5);
    m_title->setFont(large);
    m_title->setAlignment(Qt::AlignCenter);
    m_text->setObjectName(u"emptyText"_s);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setWordWrap(true);
    m_add->setDefaultAction(&add);
    m_add->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(12);
    column->addStretch();
    column->addWidget(icon);
    column->addWidget(m_title);
    column->addWidget(m_text);
    column->addWidget(m_add, 0, Qt::AlignCenter);
    column->addStretch();
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    setReason(Reason::NoJobs);
}

EmptyPage::~EmptyPage() = default;

void EmptyPage::setReason(Reason reason)
{
    const bool hasNoJobs = reason == Reason::NoJobs;
    m_title->setText(hasNoJobs ? tr("Nothing here yet") : tr("No job matches"));
    m_text->setText(hasNoJobs ? tr("Paste a link with Ctrl+V, drop one here, or press Add.")
                              : tr("Change the words in the search field or show all jobs."));
    m_add->setVisible(hasNoJobs);
}

} // namespace ui
