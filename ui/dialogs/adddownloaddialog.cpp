#include "ui/dialogs/adddownloaddialog.h"

#include "ui/dialogs/addform.h"
#include "ui/dialogs/advancedfields.h"
#include "ui/dialogs/linesfield.h"
#include "ui/dialogs/mediafields.h"
#include "ui/symbols.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScreen>
#include <QSpinBox>
#include <QToolButton>

#include <algorithm>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

constexpr int MaxConnections = 32; // PROTOCOL.md §1, specs
constexpr int LinksHeightLines = 4;

} // namespace

AddDownloadDialog::AddDownloadDialog(const QString &downloadFolder, QWidget *parent)
    : QDialog(parent)
    , m_usualFolder(QDir::toNativeSeparators(downloadFolder))
{
    setWindowTitle(tr("Add downloads"));
    auto *column = new QVBoxLayout(this);
    m_form = new QFormLayout;
    makeFields(*m_form);
    makeChoices(*m_form);
    m_folder->setText(m_usualFolder);
    column->addLayout(m_form);
    m_advanced = new AdvancedFields;
    column->addWidget(m_advanced);
    makeMessage();
    column->addWidget(m_message);
    column->addStretch();
    m_buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    m_buttons->button(QDialogButtonBox::Ok)->setText(tr("Download"));
    m_buttons->button(QDialogButtonBox::Ok)->setDefault(true);
    for (QAbstractButton *button : m_buttons->buttons())
        button->setIcon({});
    column->addWidget(m_buttons);
    connect(m_links, &QPlainTextEdit::textChanged, this, &AddDownloadDialog::check);
    for (const QLineEdit *field : {m_folder, m_name, m_checksum})
        connect(field, &QLineEdit::textChanged, this, &AddDownloadDialog::check);
    connect(m_advanced, &AdvancedFields::edited, this, &AddDownloadDialog::check);
    connect(m_advanced, &AdvancedFields::folded, this, &AddDownloadDialog::fitHeight);
    connect(m_media, &MediaFields::edited, this, &AddDownloadDialog::check);
    connect(m_media, &MediaFields::fetchChanged, this, &AddDownloadDialog::fitHeight);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &AddDownloadDialog::finish);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    resize(620, sizeHint().height());
    check();
}

AddDownloadDialog::~AddDownloadDialog() = default;

void AddDownloadDialog::addLinks(const QStringList &links)
{
    QStringList lines = linkLines(m_links->toPlainText());
    lines += links;
    lines.removeDuplicates();
    m_links->setPlainText(lines.join(u'\n'));
    m_links->moveCursor(QTextCursor::End);
}

void AddDownloadDialog::makeFields(QFormLayout &form)
{
    m_links = makeLinesField({.name = u"links"_s, .title = tr("Links"), .lines = LinksHeightLines});
    m_links->setPlaceholderText(tr("https://… (one link per line)"));
    m_name = new QLineEdit;
    m_name->setObjectName(u"name"_s);
    m_name->setPlaceholderText(tr("as the server says"));
    m_checksum = new QLineEdit;
    m_checksum->setObjectName(u"checksum"_s);
    m_checksum->setPlaceholderText(tr("SHA-256, another such as md5=…, or the link of a list"));
    m_connections = new QSpinBox;
    m_connections->setObjectName(u"connections"_s);
    m_connections->setRange(0, MaxConnections);
    m_connections->setSpecialValueText(tr("Automatic"));
    form.addRow(tr("&Links:"), m_links);
    m_media = new MediaFields(form, this);
    QWidget *folderLine = makeFolderLine();
    form.addRow(tr("&Folder:"), folderLine);
    qobject_cast<QLabel *>(form.labelForField(folderLine))->setBuddy(m_folder);
    form.addRow(tr("File &name:"), m_name);
    form.addRow(tr("Check&sum:"), m_checksum);
    form.addRow(tr("&Connections:"), m_connections);
    for (QWidget *field : {static_cast<QWidget *>(m_name), static_cast<QWidget *>(m_checksum),
                           static_cast<QWidget *>(m_connections)}) {
        const auto *label = qobject_cast<QLabel *>(form.labelForField(field));
        field->setAccessibleName(label->text().remove(u'&').remove(u':'));
    }
}

void AddDownloadDialog::makeChoices(QFormLayout &form)
{
    m_category = new QComboBox;
    m_category->setObjectName(u"category"_s);
    m_category->setAccessibleName(tr("Category"));
    form.addRow(tr("Categor&y:"), m_category);
    m_unpack = new QCheckBox(tr("Unpac&k when finished"));
    m_unpack->setObjectName(u"unpack"_s);
    form.addRow(QString(), m_unpack);
    offerCategories({});
}

void AddDownloadDialog::offerCategories(const QStringList &names)
{
    m_category->clear();
    m_category->addItem(tr("By the rules"), QString());
    for (const QString &name : names)
        m_category->addItem(name, name);
    m_category->setVisible(!names.isEmpty());
    m_form->labelForField(m_category)->setVisible(!names.isEmpty());
}

QWidget *AddDownloadDialog::makeFolderLine()
{
    auto *widget = new QWidget;
    auto *line = new QHBoxLayout(widget);
    line->setContentsMargins(0, 0, 0, 0);
    m_folder = new QLineEdit;
    m_folder->setObjectName(u"folder"_s);
    m_folder->setAccessibleName(tr("Folder"));
    auto *choose = new QToolButton;
    choose->setObjectName(u"chooseFolder"_s);
    choose->setIcon(symbol(u"openfolder"_s));
    choose->setToolTip(tr("Choose a folder"));
    choose->setAccessibleName(choose->toolTip());
    choose->setFocusPolicy(Qt::TabFocus);
    connect(choose, &QToolButton::clicked, this, &AddDownloadDialog::chooseFolder);
    line->addWidget(m_folder, 1);
    line->addWidget(choose);
    return widget;
}

void AddDownloadDialog::makeMessage()
{
    m_message = new QLabel;
    m_message->setObjectName(u"message"_s);
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setMinimumHeight(fontMetrics().lineSpacing() * 2);
    m_message->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_message->setAccessibleName(tr("What is wrong"));
    QPalette palette = m_message->palette();
    palette.setColor(QPalette::WindowText, toneColor(Tone::Bad));
    m_message->setPalette(palette);
}

void AddDownloadDialog::chooseFolder()
{
    auto *dialog = new QFileDialog(this, tr("Choose a folder"), m_folder->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, m_folder, &QLineEdit::setText);
    dialog->open();
}

void AddDownloadDialog::fitHeight()
{
    layout()->activate();
    const QRect room = screen()->availableGeometry();
    const int frame = frameGeometry().height() - height();
    resize(width(), std::min(sizeHint().height(), room.height() - frame));
    const int beyond = frameGeometry().bottom() - room.bottom();
    if (isVisible() && beyond > 0)
        move(x(), std::max(room.top(), y() - beyond));
}

void AddDownloadDialog::check()
{
    const AddForm filled = form();
    const AddRequest request = checked(filled);
    const int count = int(request.downloads.size());
    const bool isSingle = count <= 1;
    m_name->setEnabled(isSingle);
    const bool isFile = m_media->fetch() == AddForm::Fetch::File;
    m_checksum->setEnabled(isSingle && isFile);
    m_unpack->setEnabled(isFile);
    m_advanced->adaptTo(filled, count);
    m_message->setText(addProblemText(request.problem, request.value));
    QPushButton *download = m_buttons->button(QDialogButtonBox::Ok);
    download->setText(isSingle     ? tr("Download")
                          : isFile ? tr("Download %L1 files").arg(count)
                                   : tr("Download from %L1 pages").arg(count));
    download->setEnabled(request.problem == AddProblem::None);
}

void AddDownloadDialog::finish()
{
    const AddRequest request = checked(form());
    if (request.problem != AddProblem::None) {
        check();
        return;
    }
    emit downloadsChosen(request.downloads);
    accept();
}

AddForm AddDownloadDialog::form() const
{
    const bool isSorted = m_category->count() > 1 && m_folder->text() == m_usualFolder;
    AddForm form{.links = m_links->toPlainText(),
                 .folder = isSorted ? QString() : m_folder->text(),
                 .name = m_name->text(),
                 .checksum = m_checksum->text(),
                 .category = m_category->currentData().toString(),
                 .connections = m_connections->value(),
                 .unpack = m_unpack->isChecked() ? AddForm::Unpack::Yes : AddForm::Unpack::No,
                 .fetch = m_media->fetch(),
                 .format = m_media->format(),
                 .subtitles = m_media->subtitles()};
    m_advanced->fill(form);
    return form;
}

} // namespace ui
