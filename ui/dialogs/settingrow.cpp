#include "ui/dialogs/settingrow.h"

#include "core/base/ifexists.h"
#include "core/base/units.h"
#include "ui/symbols.h"
#include "ui/text/settingtext.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

#include <limits>

namespace ui {
namespace {

using namespace Qt::StringLiterals;
using Type = core::Settings::Type;

QLabel *makeNote(Tone tone)
{
    auto *note = new QLabel;
    note->setTextFormat(Qt::PlainText);
    note->setWordWrap(true);
    QPalette palette = note->palette();
    palette.setColor(QPalette::WindowText, toneColor(tone));
    note->setPalette(palette);
    return note;
}

} // namespace

SettingRow::SettingRow(core::Settings::Entry entry, QWidget *parent)
    : QWidget(parent)
    , m_entry(std::move(entry))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 6);
    column->setSpacing(2);
    makeField();
    m_field->setObjectName(m_entry.key);
    m_field->setAccessibleName(settingName(m_entry.key));
    m_field->setAccessibleDescription(m_entry.meaning);
    setFocusProxy(m_field);
    column->addWidget(m_field);
    if (m_entry.type != Type::Bool) { // a box to tick says it itself
        QLabel *hint = makeNote(Tone::Muted);
        hint->setText(m_entry.meaning);
        column->addWidget(hint);
    }
    m_problem = makeNote(Tone::Bad);
    m_problem->setObjectName(m_entry.key + u"Problem"_s);
    m_problem->setVisible(false);
    column->addWidget(m_problem);
}

SettingRow::~SettingRow() = default;

QVariant SettingRow::value() const
{
    return m_read();
}

bool SettingRow::isChanged() const
{
    return value() != m_entry.value;
}

void SettingRow::markKept()
{
    m_entry.value = value();
    showProblem({});
}

void SettingRow::showProblem(const QString &sentence)
{
    m_problem->setText(sentence);
    m_problem->setVisible(!sentence.isEmpty());
}

void SettingRow::makeField()
{
    if (m_entry.type == Type::Bool) {
        auto *box = new QCheckBox(m_entry.meaning);
        box->setChecked(m_entry.value.toBool());
        m_read = [box] { return box->isChecked(); };
        m_field = box;
    } else if (m_entry.type == Type::Choice) {
        m_field = makeChoice();
    } else if (m_entry.type == Type::Int && m_entry.most <= std::numeric_limits<int>::max()) {
        m_field = makeNumber();
    } else {
        m_field = makeText();
    }
}

QWidget *SettingRow::makeChoice()
{
    using core::IfExists;
    auto *choice = new QComboBox;
    for (const auto &[value, words] :
         {std::pair(IfExists::Rename, tr("Keep both: take a free name")),
          std::pair(IfExists::Overwrite, tr("Overwrite")), std::pair(IfExists::Skip, tr("Skip")),
          std::pair(IfExists::Ask, tr("Ask"))})
        choice->addItem(words, QString(core::ifExistsName(value)));
    choice->setCurrentIndex(choice->findData(m_entry.value));
    m_read = [choice] { return choice->currentData(); };
    return choice;
}

QWidget *SettingRow::makeNumber()
{
    auto *number = new QSpinBox;
    number->setRange(int(m_entry.least), int(m_entry.most));
    number->setValue(m_entry.value.toInt());
    m_read = [number] { return QVariant(qint64(number->value())); };
    return number;
}

/// A line; of numbers larger than a spin box takes, also "500K" or "2M".
QWidget *SettingRow::makeText()
{
    auto *line = new QLineEdit(m_entry.value.toString());
    m_read = [line, type = m_entry.type] {
        const QString text = line->text().trimmed();
        const auto number = core::parseBytes(text);
        return type == Type::Int && number ? QVariant(*number) : QVariant(text);
    };
    return line;
}

} // namespace ui
