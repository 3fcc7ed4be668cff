#include "ui/dialogs/advancedfields.h"

#include "ui/dialogs/afterfields.h"
#include "ui/dialogs/requestfields.h"
#include "ui/dialogs/timefields.h"
#include "ui/dialogs/transferfields.h"

#include <QFormLayout>
#include <QScrollArea>
#include <QTabWidget>
#include <QToolButton>

namespace ui {

using namespace Qt::StringLiterals;

AdvancedFields::AdvancedFields(QWidget *parent)
    : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    makeFold();
    makeTabs();
    column->addWidget(m_fold);
    column->addWidget(m_tabs);
    m_tabs->setVisible(false);
    connect(m_request, &RequestFields::edited, this, [this] { emit edited(); });
    connect(m_transfer, &TransferFields::edited, this, [this] { emit edited(); });
    connect(m_times, &TimeFields::edited, this, [this] { emit edited(); });
    connect(m_after, &AfterFields::edited, this, [this] { emit edited(); });
}

AdvancedFields::~AdvancedFields() = default;

void AdvancedFields::fill(AddForm &form) const
{
    m_request->fill(form);
    m_transfer->fill(form);
    m_times->fill(form);
    form.after = m_after->actions();
}

void AdvancedFields::adaptTo(const AddForm &form, qsizetype links)
{
    m_transfer->adaptTo(form, links);
}

void AdvancedFields::makeFold()
{
    m_fold = new QToolButton;
    m_fold->setObjectName(u"advanced"_s);
    m_fold->setText(tr("&Advanced"));
    m_fold->setCheckable(true);
    m_fold->setAutoRaise(true);
    m_fold->setArrowType(Qt::RightArrow);
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fold->setFocusPolicy(Qt::StrongFocus);
    connect(m_fold, &QToolButton::toggled, this, [this](bool isOpen) {
        m_fold->setArrowType(isOpen ? Qt::DownArrow : Qt::RightArrow);
        m_tabs->setVisible(isOpen);
        layout()->activate(); // tells the dialog at once how much room is needed
        emit folded();
    });
}

void AdvancedFields::makeTabs()
{
    m_tabs = new QTabWidget;
    m_tabs->setObjectName(u"advancedTabs"_s);
    m_tabs->setAccessibleName(tr("Advanced"));
    m_request = new RequestFields(addTab(tr("S&ite")), this);
    m_transfer = new TransferFields(addTab(tr("&Transfer")), this);
    m_times = new TimeFields(addTab(tr("Ti&me")), this);
    m_after = new AfterFields(addTab(tr("After&wards")), this);
}

QFormLayout &AdvancedFields::addTab(const QString &title)
{
    auto *page = new QWidget;
    auto *form = new QFormLayout(page);
    auto *view = new QScrollArea;
    view->setWidget(page);
    view->setWidgetResizable(true);
    view->setFrameShape(QFrame::NoFrame);
    view->setFocusPolicy(Qt::NoFocus); // the fields scroll it
    view->viewport()->setAutoFillBackground(false); // the tab's own shows
    page->setAutoFillBackground(false);
    m_tabs->addTab(view, title);
    return *form;
}

} // namespace ui
