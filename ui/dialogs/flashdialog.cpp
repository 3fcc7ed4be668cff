#include "ui/dialogs/flashdialog.h"

#include "core/drives/drivewords.h"
#include "core/drives/sysfsdrives.h"
#include "ui/dialogs/drivechoicemodel.h"
#include "ui/dialogs/eraseconfirmation.h"
#include "ui/symbols.h"
#include "ui/text/drivetext.h"
#include "ui/views/rowdelegate.h"

#include <QAccessible>
#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

constexpr QSize FirstSize{760, 640};

QList<core::DriveErasure> erasuresOf(const QList<DriveListModel::Judged> &drives)
{
    QList<core::DriveErasure> result;
    for (const auto &[drive, verdict] : drives)
        result.append({drive.identity(), core::driveWords(drive), core::erasedContents(drive),
                       verdict.risks});
    return result;
}

QString withoutMarks(QString label)
{
    return label.remove(u'&').remove(u':');
}

} // namespace

FlashDialog::FlashDialog(Purpose purpose, Send send, DriveListModel &drives, QWidget *parent)
    : QDialog(parent)
    , m_send(std::move(send))
    , m_choice(new DriveChoiceModel(drives, this))
{
    setWindowTitle(purpose == Purpose::Flash ? tr("Write an image to USB drives")
                                             : tr("Fetch, check, write to drives"));
    auto *column = new QVBoxLayout(this);
    auto *form = new QFormLayout;
    makeImageLine(*form);
    if (purpose == Purpose::Workflow)
        makeChecksumLine(*form);
    column->addLayout(form);
    makeDrives();
    auto *title = new QLabel(tr("&Drives to erase and write:"));
    title->setBuddy(m_drives);
    column->addWidget(title);
    column->addWidget(m_drives, 1);
    column->addWidget(makeConfirmation(), 1);
    m_verify = new QCheckBox(tr("&Read everything back and compare"));
    m_verify->setObjectName(u"verify"_s);
    m_verify->setToolTip(tr("Without it nobody knows whether the drive holds what was written."));
    m_verify->setChecked(true);
    column->addWidget(m_verify);
    column->addWidget(m_fold = new QToolButton);
    column->addWidget(makeAdvanced());
    column->addWidget(m_message = new QLabel);
    makeButtons();
    column->addWidget(m_buttons);
    connectParts();
    resize(FirstSize.boundedTo(screen()->availableSize()));
    check();
}

FlashDialog::~FlashDialog() = default;

void FlashDialog::setImage(const QString &path)
{
    m_image->setText(path);
}

void FlashDialog::makeImageLine(QFormLayout &form)
{
    auto *widget = new QWidget;
    auto *line = new QHBoxLayout(widget);
    line->setContentsMargins(0, 0, 0, 0);
    m_image = new QLineEdit;
    m_image->setObjectName(u"image"_s);
    m_image->setAccessibleName(tr("Image"));
    m_image->setPlaceholderText(
        tr("an .iso or .img file, or one of them compressed; or a link to one"));
    auto *choose = new QToolButton;
    choose->setObjectName(u"chooseImage"_s);
    choose->setIcon(symbol(u"openfile"_s));
    choose->setToolTip(tr("Choose a file"));
    choose->setAccessibleName(choose->toolTip());
    choose->setFocusPolicy(Qt::TabFocus);
    connect(choose, &QToolButton::clicked, this, &FlashDialog::chooseImage);
    line->addWidget(m_image, 1);
    line->addWidget(choose);
    form.addRow(tr("&Image:"), widget);
    qobject_cast<QLabel *>(form.labelForField(widget))->setBuddy(m_image);
}

/// Of a file that is checked before anything is erased.
void FlashDialog::makeChecksumLine(QFormLayout &form)
{
    m_sha256 = addField(form, u"sha256"_s, tr("&SHA-256:"));
    m_sha256->setPlaceholderText(
        tr("of the file, as its maker says; nothing is erased unless it is right"));
}

void FlashDialog::makeDrives()
{
    m_drives = new QTreeView;
    m_drives->setObjectName(u"drives"_s);
    m_drives->setModel(m_choice);
    m_drives->setItemDelegate(new RowDelegate(m_drives));
    m_drives->setAccessibleName(tr("Drives to erase and write"));
    m_drives->setRootIsDecorated(false);
    m_drives->setUniformRowHeights(true);
    m_drives->setAllColumnsShowFocus(true);
    m_drives->setMinimumHeight(fontMetrics().lineSpacing() * 6);
    m_drives->setColumnHidden(DriveListModel::Holds, true); // said below, in full
    QHeaderView *header = m_drives->header();
    header->setSectionsMovable(false);
    header->setStretchLastSection(true);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(DriveListModel::Verdict, QHeaderView::Stretch);
}

QWidget *FlashDialog::makeConfirmation()
{
    m_confirmation = new EraseConfirmation(EraseConfirmation::Prove::Risky);
    m_erased = new QLabel(tr("No drive is ticked, so nothing will be erased."));
    m_erased->setObjectName(u"nothingTicked"_s);
    m_erased->setEnabled(false);
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_erased, 0, Qt::AlignTop);
    column->addWidget(m_confirmation, 1);
    auto *view = new QScrollArea;
    view->setWidget(page);
    view->setWidgetResizable(true);
    view->setFrameShape(QFrame::NoFrame);
    view->setFocusPolicy(Qt::NoFocus); // the fields scroll it
    view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view->setMinimumHeight(fontMetrics().lineSpacing() * 5);
    return view;
}

QWidget *FlashDialog::makeAdvanced()
{
    m_fold->setObjectName(u"advanced"_s);
    m_fold->setText(tr("&Advanced"));
    m_fold->setCheckable(true);
    m_fold->setAutoRaise(true);
    m_fold->setArrowType(Qt::RightArrow);
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fold->setFocusPolicy(Qt::StrongFocus);
    m_advanced = new QWidget;
    auto *form = new QFormLayout(m_advanced);
    form->setContentsMargins(0, 0, 0, 0);
    if (!m_sha256) {
        m_sha256 = addField(*form, u"sha256"_s, tr("&SHA-256:"));
        m_sha256->setPlaceholderText(
            tr("of the image, or of the compressed file; as its maker says"));
    }
    m_bmap = addField(*form, u"bmap"_s, tr("&Bmap file:"));
    m_bmap->setPlaceholderText(tr("path; only the parts it names are written"));
    m_partition = addField(*form, u"partition"_s, tr("&Partition:"));
    m_partition->setPlaceholderText(tr("GPT name; only that partition is written"));
    m_advanced->hide();
    return m_advanced;
}

QLineEdit *FlashDialog::addField(QFormLayout &form, const QString &name, const QString &label)
{
    auto *field = new QLineEdit;
    field->setObjectName(name);
    field->setAccessibleName(withoutMarks(label));
    form.addRow(label, field);
    connect(field, &QLineEdit::textChanged, this, &FlashDialog::forgetRemark);
    return field;
}

/// No button is the default one: Return in a field must not erase anything.
void FlashDialog::makeButtons()
{
    m_message->setObjectName(u"message"_s);
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setMinimumHeight(fontMetrics().lineSpacing() * 2);
    m_message->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_message->setAccessibleName(tr("What is wrong"));
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_write = m_buttons->addButton(QString(), QDialogButtonBox::ActionRole);
    m_write->setObjectName(u"write"_s);
    for (QAbstractButton *button : m_buttons->buttons()) {
        button->setIcon({});
        qobject_cast<QPushButton *>(button)->setAutoDefault(false);
    }
}

void FlashDialog::connectParts()
{
    connect(m_image, &QLineEdit::textChanged, this, &FlashDialog::lookAtImage);
    connect(m_choice, &DriveChoiceModel::lost, this, &FlashDialog::onLost);
    connect(m_choice, &DriveChoiceModel::tickedByUser, this, &FlashDialog::forgetRemark);
    connect(m_choice, &DriveChoiceModel::tickedChanged, this, &FlashDialog::check);
    connect(m_confirmation, &EraseConfirmation::edited, this, &FlashDialog::forgetRemark);
    connect(m_fold, &QToolButton::toggled, this, [this](bool isOpen) {
        m_fold->setArrowType(isOpen ? Qt::DownArrow : Qt::RightArrow);
        m_advanced->setVisible(isOpen);
        fitHeight();
    });
    connect(m_write, &QPushButton::clicked, this, &FlashDialog::finish);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void FlashDialog::chooseImage()
{
    auto *dialog = new QFileDialog(this, tr("Choose an image"), m_image->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, m_image, &QLineEdit::setText);
    dialog->open();
}

/// Which drives can hold the image, and which one it lies on.
void FlashDialog::lookAtImage()
{
    const QFileInfo file(m_image->text().trimmed());
    const bool isFile = file.isAbsolute() && file.isFile();
    DriveChoiceModel::Image image;
    if (isFile) {
        image.fileBytes = file.size();
        image.drives = core::SysfsDrives().drivesHolding(file.absoluteFilePath());
    }
    m_choice->setImage(image);
    forgetRemark();
}

void FlashDialog::onLost(const QString &driveName)
{
    m_remark = driveLostText(driveName);
    check();
    QAccessibleEvent alert(m_message, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void FlashDialog::forgetRemark()
{
    m_remark.clear();
    check();
}

void FlashDialog::check()
{
    const QList<DriveListModel::Judged> drives = m_choice->ticked();
    m_confirmation->setDrives(erasuresOf(drives));
    m_confirmation->setVisible(!drives.isEmpty());
    m_erased->setVisible(drives.isEmpty());
    const FlashRequest request = checked(form());
    const QString problem = flashProblemText(request.problem, request.value);
    m_message->setText(m_remark.isEmpty() ? problem : m_remark);
    const bool isNextStep =
        request.problem == FlashProblem::NoDrive || request.problem == FlashProblem::NotConfirmed;
    const bool isHint = isNextStep && m_remark.isEmpty();
    QPalette palette = m_message->palette();
    palette.setColor(QPalette::WindowText, toneColor(isHint ? Tone::Text : Tone::Bad));
    m_message->setPalette(palette);
    const int count = int(drives.size());
    m_write->setText(count == 1      ? tr("&Erase and write 1 drive")
                         : count > 1 ? tr("&Erase and write %L1 drives").arg(count)
                                     : tr("&Erase and write"));
    m_write->setEnabled(request.problem == FlashProblem::None && !m_isSent);
}

void FlashDialog::fitHeight()
{
    layout()->activate();
    const QRect room = screen()->availableGeometry();
    const int frame = frameGeometry().height() - height();
    resize(width(), std::clamp(sizeHint().height(), height(), room.height() - frame));
}

void FlashDialog::finish()
{
    const FlashRequest request = checked(form());
    if (request.problem != FlashProblem::None || m_isSent)
        return check();
    m_isSent = true;
    forgetRemark();
    m_send(request.order, [self = QPointer(this)](const core::Result<void> &added) {
        if (self)
            self->onAnswer(added);
    });
}

void FlashDialog::onAnswer(const core::Result<void> &added)
{
    m_isSent = false;
    m_remark = added ? QString() : flashFailedText(added.error());
    check();
    if (added)
        accept();
}

FlashForm FlashDialog::form() const
{
    FlashForm form{.image = m_image->text(),
                   .drives = {},
                   .confirmed = m_confirmation->isComplete() ? FlashForm::Confirmed::Yes
                                                             : FlashForm::Confirmed::No,
                   .verify = m_verify->isChecked() ? core::Verify::Yes : core::Verify::No,
                   .sha256 = m_sha256->text(),
                   .bmap = m_bmap->text(),
                   .partition = m_partition->text()};
    for (const DriveListModel::Judged &judged : m_choice->ticked())
        form.drives.append(judged.drive);
    return form;
}

} // namespace ui
