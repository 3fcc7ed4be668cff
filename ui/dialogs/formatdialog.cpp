#include "ui/dialogs/formatdialog.h"

#include "core/drives/drivewords.h"
#include "ui/dialogs/eraseconfirmation.h"
#include "ui/symbols.h"
#include "ui/text/drivetext.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>

#include <algorithm>

namespace ui {

using namespace Qt::StringLiterals;
using core::NewFileSystem;

FormatDialog::FormatDialog(Commands &commands, DriveListModel::Judged judged, QWidget *parent)
    : QDialog(parent)
    , m_commands(commands)
    , m_judged(std::move(judged))
    , m_confirmation(new EraseConfirmation(EraseConfirmation::Prove::Risky))
{
    setWindowTitle(tr("Give a drive back empty"));
    auto *column = new QVBoxLayout(this);
    column->addWidget(m_confirmation);
    makeFields();
    column->addWidget(m_message = new QLabel);
    m_message->setObjectName(u"message"_s);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setWordWrap(true);
    QPalette palette = m_message->palette();
    palette.setColor(QPalette::WindowText, toneColor(Tone::Bad));
    m_message->setPalette(palette);
    makeButtons();
    const core::Drive &drive = m_judged.drive;
    m_confirmation->setDrives({{drive.identity(), core::driveWords(drive),
                                core::erasedContents(drive), m_judged.verdict.risks}});
    connect(m_confirmation, &EraseConfirmation::edited, this, &FormatDialog::check);
    check();
}

FormatDialog::~FormatDialog() = default;

void FormatDialog::makeFields()
{
    auto *form = new QFormLayout;
    m_fileSystem = new QComboBox;
    m_fileSystem->setObjectName(u"fileSystem"_s);
    m_fileSystem->setAccessibleName(tr("File system"));
    m_fileSystem->addItem(tr("exFAT: for files of any size"), int(NewFileSystem::Kind::ExFat));
    m_fileSystem->addItem(tr("FAT32: for old devices too"), int(NewFileSystem::Kind::Fat32));
    m_label = new QLineEdit;
    m_label->setObjectName(u"label"_s);
    m_label->setAccessibleName(tr("Name"));
    form->addRow(tr("&File system:"), m_fileSystem);
    form->addRow(tr("&Name:"), m_label);
    connect(m_fileSystem, &QComboBox::currentIndexChanged, this, &FormatDialog::check);
    connect(m_label, &QLineEdit::textChanged, this, &FormatDialog::check);
    static_cast<QVBoxLayout *>(layout())->addLayout(form);
}

/// No button is the default one: Return in a field must not erase anything.
void FormatDialog::makeButtons()
{
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_format = buttons->addButton(tr("&Erase and format"), QDialogButtonBox::ActionRole);
    m_format->setObjectName(u"format"_s);
    for (QAbstractButton *button : buttons->buttons()) {
        button->setIcon({});
        qobject_cast<QPushButton *>(button)->setAutoDefault(false);
    }
    connect(m_format, &QPushButton::clicked, this, &FormatDialog::finish);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout()->addWidget(buttons);
}

void FormatDialog::setThere(const QList<DriveListModel::Judged> &drives)
{
    const core::DriveIdentity mine = m_judged.drive.identity();
    m_isThere = std::ranges::any_of(drives, [&mine](const DriveListModel::Judged &judged) {
        return judged.drive.identity() == mine && judged.verdict.isAllowed();
    });
    check();
}

void FormatDialog::check()
{
    const auto label = core::checkLabel(spec().fileSystem);
    const QString gone = m_isThere ? QString() : driveLostText(driveName(m_judged.drive));
    m_message->setText(!gone.isEmpty() ? gone : label ? m_remark : flashFailedText(label.error()));
    m_format->setEnabled(m_isThere && label && m_confirmation->isComplete() && !m_isSent);
}

void FormatDialog::finish()
{
    m_isSent = true;
    m_remark.clear();
    check();
    m_commands.work({.spec = spec(), .seen = m_judged.drive.identity()},
                    [self = QPointer(this)](const core::Result<core::JobId> &id) {
                        if (self)
                            self->onAnswer(id);
                    });
}

void FormatDialog::onAnswer(const core::Result<core::JobId> &id)
{
    m_isSent = false;
    m_remark = id ? QString() : flashFailedText(id.error());
    check();
    if (!id)
        return;
    emit added(*id);
    accept();
}

core::FormatSpec FormatDialog::spec() const
{
    return {.drive = m_judged.drive.id,
            .fileSystem = {.kind = NewFileSystem::Kind(m_fileSystem->currentData().toInt()),
                           .label = m_label->text()},
            .erase = {m_judged.drive.id}};
}

} // namespace ui
