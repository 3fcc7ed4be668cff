#include "ui/dialogs/afterfields.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLineEdit>

namespace ui {

using namespace Qt::StringLiterals;

AfterFields::AfterFields(QFormLayout &form, QObject *parent)
    : QObject(parent)
    , m_form(form)
{
    m_folder = addField(u"moveTo"_s, tr("Mo&ve to:"));
    m_folder->setPlaceholderText(tr("another folder, when finished"));
    m_command = addField(u"command"_s, tr("Run comman&d:"));
    m_command->setPlaceholderText(tr("when finished; {path} is the file"));
    m_reveal = addBox(u"reveal"_s, tr("S&how in its folder when finished"));
    m_open = addBox(u"open"_s, tr("&Open when finished"));
}

AfterFields::~AfterFields() = default;

QLineEdit *AfterFields::addField(const QString &name, const QString &label)
{
    auto *field = new QLineEdit;
    field->setObjectName(name);
    field->setAccessibleName(QString(label).remove(u'&').remove(u':'));
    m_form.addRow(label, field);
    connect(field, &QLineEdit::textChanged, this, &AfterFields::edited);
    return field;
}

QCheckBox *AfterFields::addBox(const QString &name, const QString &label)
{
    auto *box = new QCheckBox(label);
    box->setObjectName(name);
    m_form.addRow(QString(), box);
    connect(box, &QCheckBox::toggled, this, &AfterFields::edited);
    return box;
}

QList<core::AfterAction> AfterFields::actions() const
{
    using Kind = core::AfterAction::Kind;
    QList<core::AfterAction> actions;
    if (const QString folder = m_folder->text().trimmed(); !folder.isEmpty())
        actions.append({.kind = Kind::Move, .folder = folder});
    if (const QString command = m_command->text().trimmed(); !command.isEmpty())
        actions.append({.kind = Kind::Run, .command = command});
    if (m_reveal->isChecked())
        actions.append({.kind = Kind::Reveal});
    if (m_open->isChecked())
        actions.append({.kind = Kind::Open});
    return actions;
}

} // namespace ui
