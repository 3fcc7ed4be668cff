#include "ui/views/drivespane.h"

#include "core/drives/drivewords.h"
#include "ui/driveorders.h"
#include "ui/models/drivelistmodel.h"
#include "ui/text/drivetext.h"
#include "ui/views/rowlist.h"

#include <QAction>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

DrivesPane::DrivesPane(DriveListModel &drives, QAction &write, DriveOrders &orders, QWidget *parent)
    : QWidget(parent)
    , m_drives(drives)
    , m_orders(orders)
{
    makeList();
    m_none = new QLabel(tr("No drive is plugged in."));
    m_none->setAlignment(Qt::AlignCenter);
    m_none->setEnabled(false);
    m_facts = new QLabel;
    m_facts->setObjectName(u"driveFacts"_s);
    m_facts->setTextFormat(Qt::PlainText);
    m_facts->setWordWrap(true);
    m_facts->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_facts->setMinimumHeight(fontMetrics().lineSpacing() * 3 + 8);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_facts->setAccessibleName(tr("About the selected drive"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_none, 1);
    column->addWidget(m_list, 1);
    m_facts->setContentsMargins(9, 6, 9, 0);
    column->addWidget(m_facts);
    column->addLayout(makeButtons(write));
    setFocusProxy(m_list);
    connect(&drives, &DriveListModel::drivesChanged, this, &DrivesPane::showCurrent);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &DrivesPane::showCurrent);
    showCurrent();
}

DrivesPane::~DrivesPane() = default;

void DrivesPane::makeList()
{
    m_list =
        new RowList(m_drives, u"driveList"_s, {DriveListModel::Holds, DriveListModel::Verdict});
    m_list->setAccessibleName(tr("Drives of this computer"));
}

QLayout *DrivesPane::makeButtons(QAction &write)
{
    auto *line = new QHBoxLayout;
    line->setContentsMargins(9, 6, 9, 9);
    const auto add = [line](QAction *action) {
        auto *button = new QToolButton;
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::StrongFocus);
        line->addWidget(button);
    };
    add(&write);
    line->addStretch();
    for (QAction *action : m_orders.actions())
        add(action);
    return line;
}

void DrivesPane::showCurrent()
{
    const bool isEmpty = m_drives.rowCount() == 0;
    m_none->setVisible(isEmpty);
    m_list->setVisible(!isEmpty);
    const QModelIndex current = m_list->currentIndex();
    m_orders.setCurrent(current.isValid() ? current.row() : -1);
    if (!current.isValid()) {
        m_facts->setText(isEmpty ? QString() : tr("Select a drive to see what is on it."));
        return;
    }
    const DriveListModel::Judged &judged = m_drives.drive(current.row());
    const QString writer = m_drives.refusal(current.row());
    const QString verdict = writer.isEmpty() ? verdictText(judged.verdict) : writer;
    m_facts->setText(
        u"%1\n%2\n%3"_s.arg(driveName(judged.drive) + u" · "_s + driveMarks(judged.drive),
                            tr("Holds: %1").arg(core::erasedContents(judged.drive)), verdict));
}

} // namespace ui
