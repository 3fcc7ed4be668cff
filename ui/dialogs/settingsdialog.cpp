#include "ui/dialogs/settingsdialog.h"

#include "ui/dialogs/settingrow.h"
#include "ui/text/jobtext.h"
#include "ui/text/settingtext.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QHash>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

SettingsDialog::SettingsDialog(Commands &commands, QWidget *parent)
    : QDialog(parent)
    , m_commands(commands)
{
    setWindowTitle(tr("Settings"));
    auto *column = new QVBoxLayout(this);
    auto *page = new QWidget;
    m_groups = new QVBoxLayout(page);
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(page);
    m_pages = new QTabWidget;
    m_pages->setObjectName(u"pages"_s);
    m_pages->setTabBarAutoHide(true);
    m_pages->setDocumentMode(true);
    m_pages->addTab(scroll, tr("&General"));
    column->addWidget(m_pages, 1);
    makeButtons();
    column->addWidget(m_buttons);
    resize(640, 640);
    m_commands.listSettings([self = QPointer(this)](const QList<core::Settings::Entry> &entries) {
        if (self)
            self->show(entries);
    });
}

SettingsDialog::~SettingsDialog() = default;

void SettingsDialog::addPage(QWidget *page, const QString &title)
{
    m_pages->addTab(page, title);
}

void SettingsDialog::makeButtons()
{
    m_buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel);
    for (QAbstractButton *button : m_buttons->buttons())
        button->setIcon({});
    m_buttons->button(QDialogButtonBox::Save)->setEnabled(false);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &SettingsDialog::save);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void SettingsDialog::show(const QList<core::Settings::Entry> &entries)
{
    QHash<QString, QFormLayout *> forms;
    for (const core::Settings::Entry &entry : entries) {
        const QString group = settingGroup(entry.key);
        if (!forms.contains(group)) {
            auto *box = new QGroupBox(group);
            forms.insert(group, new QFormLayout(box));
            m_groups->addWidget(box);
        }
        auto *row = new SettingRow(entry);
        const bool hasName = entry.type != core::Settings::Type::Bool;
        forms[group]->addRow(hasName ? settingName(entry.key) + u':' : QString(), row);
        m_rows.append(row);
    }
    m_groups->addStretch();
    m_buttons->button(QDialogButtonBox::Save)->setEnabled(true);
    if (!m_rows.isEmpty())
        m_rows.first()->setFocus();
}

void SettingsDialog::save()
{
    QList<SettingRow *> changed;
    for (SettingRow *row : m_rows) {
        row->showProblem({});
        if (row->isChanged())
            changed.append(row);
    }
    if (changed.isEmpty())
        return accept();
    m_firstWrong = nullptr;
    m_unanswered = int(changed.size());
    m_buttons->button(QDialogButtonBox::Save)->setEnabled(false);
    for (SettingRow *row : changed)
        m_commands.setSetting(row->key(), row->value(),
                              [self = QPointer(this), row](const core::Result<void> &set) {
                                  if (self)
                                      self->onAnswer(*row, set);
                              });
}

void SettingsDialog::onAnswer(SettingRow &row, const core::Result<void> &result)
{
    if (result) {
        row.markKept();
    } else {
        row.showProblem(errorText(result.error()));
        m_firstWrong = m_firstWrong ? m_firstWrong : &row;
    }
    if (--m_unanswered > 0)
        return;
    m_buttons->button(QDialogButtonBox::Save)->setEnabled(true);
    if (!m_firstWrong)
        return accept();
    m_pages->setCurrentIndex(0);
    m_firstWrong->setFocus();
}

} // namespace ui
