#include "ui/dialogs/extensiondialog.h"

#include "ui/symbols.h"
#include "ui/text/extensiontext.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int Width = 620;
constexpr int StepLines = 6; // room for long paths

QLabel *plainLabel(const QString &text)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

/// Not a hidden one: browsers in a sandbox may read none of those.
QString firstFolder()
{
    return QDir::home().filePath(u"Dray extension"_s);
}

} // namespace

ExtensionDialog::ExtensionDialog(Ways ways, QWidget *parent)
    : QDialog(parent)
    , m_ways(std::move(ways))
{
    setWindowTitle(tr("Dray in your browser"));
    setMinimumWidth(Width);
    auto *column = new QVBoxLayout(this);
    column->addWidget(plainLabel(
        tr("The extension for browsers shows your jobs, sends links and films to Dray, and hands "
           "downloads over when you allow it. Choose where it is kept; then load it.")));
    column->addLayout(makeFolderLine());
    m_message = plainLabel({});
    m_message->setObjectName(u"message"_s);
    m_message->hide();
    column->addWidget(m_message);
    makeSteps();
    column->addWidget(m_steps, 1);
    makeButtons();
    connect(m_folder, &QLineEdit::textChanged, this, &ExtensionDialog::check);
    m_folder->setText(firstFolder());
    showSteps(firstFolder());
}

ExtensionDialog::~ExtensionDialog() = default;

QHBoxLayout *ExtensionDialog::makeFolderLine()
{
    auto *line = new QHBoxLayout;
    m_folder = new QLineEdit;
    m_folder->setObjectName(u"extensionFolder"_s);
    m_folder->setAccessibleName(tr("Folder for the extension"));
    auto *label = new QLabel(tr("&Folder:"));
    label->setBuddy(m_folder);
    auto *choose = new QToolButton;
    choose->setObjectName(u"chooseFolder"_s);
    choose->setIcon(symbol(u"openfolder"_s));
    choose->setToolTip(tr("Choose a folder"));
    choose->setAccessibleName(choose->toolTip());
    choose->setFocusPolicy(Qt::TabFocus);
    connect(choose, &QToolButton::clicked, this, &ExtensionDialog::chooseFolder);
    m_write = new QPushButton(tr("&Put it there"));
    m_write->setObjectName(u"writeExtension"_s);
    m_write->setDefault(true);
    connect(m_write, &QPushButton::clicked, this, &ExtensionDialog::write);
    line->addWidget(label);
    line->addWidget(m_folder, 1);
    line->addWidget(choose);
    line->addWidget(m_write);
    return line;
}

void ExtensionDialog::makeSteps()
{
    m_steps = new QTabWidget;
    m_steps->setObjectName(u"steps"_s);
    m_steps->setAccessibleName(tr("How to load it"));
    m_steps->setEnabled(false);
    for (const LoadSteps &way : extensionSteps({})) {
        QLabel *steps = plainLabel({});
        steps->setObjectName(u"stepText"_s);
        steps->setAccessibleName(tr("How to load it into %1").arg(way.browsers));
        steps->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        steps->setAlignment(Qt::AlignLeft | Qt::AlignTop);
        steps->setMargin(fontMetrics().averageCharWidth());
        steps->setMinimumHeight(fontMetrics().lineSpacing() * StepLines);
        m_steps->addTab(steps, way.browsers);
    }
}

void ExtensionDialog::makeButtons()
{
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    m_open = buttons->addButton(tr("&Open the folder"), QDialogButtonBox::ActionRole);
    m_open->setObjectName(u"openExtension"_s);
    m_open->setIcon(symbol(u"openfolder"_s));
    m_open->setAutoDefault(false);
    connect(m_open, &QPushButton::clicked, this,
            [this] { m_ways.openUrl(QUrl::fromLocalFile(m_written)); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout()->addWidget(buttons);
}

void ExtensionDialog::chooseFolder()
{
    auto *dialog = new QFileDialog(this, tr("Choose a folder"), m_folder->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, m_folder, &QLineEdit::setText);
    dialog->open();
}

void ExtensionDialog::check()
{
    const QString folder = m_folder->text().trimmed();
    const bool isUsable = QDir::isAbsolutePath(folder);
    m_write->setEnabled(isUsable);
    m_open->setEnabled(!m_written.isEmpty());
    if (!isUsable)
        say(tr("Write the whole path of a folder, as in %1.").arg(firstFolder()),
            toneColor(Tone::Bad));
    else
        m_message->hide();
}

void ExtensionDialog::write()
{
    const QString folder = QDir::cleanPath(m_folder->text().trimmed());
    if (const auto written = m_ways.exportTo(folder); !written) {
        say(exportFailedText(written.error()), toneColor(Tone::Bad));
        m_folder->setFocus();
        return;
    }
    m_written = folder;
    m_open->setEnabled(true);
    showSteps(folder);
    m_steps->setEnabled(true);
    say(extensionStaysText(folder), toneColor(Tone::Good));
    m_open->setFocus();
}

void ExtensionDialog::showSteps(const QString &folder)
{
    const QList<LoadSteps> ways = extensionSteps(folder);
    for (int tab = 0; tab < m_steps->count(); ++tab)
        qobject_cast<QLabel *>(m_steps->widget(tab))->setText(numberedLines(ways[tab].steps));
}

void ExtensionDialog::say(const QString &text, const QColor &color)
{
    QPalette palette = m_message->palette();
    palette.setColor(QPalette::WindowText, color);
    m_message->setPalette(palette);
    m_message->setText(text);
    m_message->show();
}

} // namespace ui
