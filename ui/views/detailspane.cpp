#include "ui/views/detailspane.h"

#include "ui/symbols.h"
#include "ui/text/formatting.h"
#include "ui/text/jobtext.h"
#include "ui/views/driveprogress.h"
#include "ui/views/segmentmap.h"
#include "ui/views/symbollabel.h"

#include <QClipboard>
#include <QFormLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

QString timesText(const core::JobSnapshot &job)
{
    QStringList parts{DetailsPane::tr("added %1").arg(formatTime(job.createdAt))};
    if (job.startedAt > 0)
        parts.append(DetailsPane::tr("started %1").arg(formatTime(job.startedAt)));
    if (job.finishedAt > 0)
        parts.append(DetailsPane::tr("ended %1").arg(formatTime(job.finishedAt)));
    return parts.join(u" · "_s);
}

/// A text that can be selected and scrolled but looks like a label.
QLineEdit *makeReadOnlyLine()
{
    auto *line = new QLineEdit;
    line->setReadOnly(true);
    line->setFrame(false);
    QPalette palette = line->palette();
    palette.setColor(QPalette::Base, Qt::transparent);
    line->setPalette(palette);
    return line;
}

void setLine(QLineEdit *line, const QString &text)
{
    if (line->text() == text) // keep what the user has selected in it
        return;
    line->setText(text);
    line->setCursorPosition(0);
}

} // namespace

DetailsPane::DetailsPane(DriveName driveName, QWidget *parent)
    : QWidget(parent)
    , m_pages(new QStackedLayout(this))
{
    m_drives = new DriveProgress(std::move(driveName));
    auto *nothing = new QLabel(tr("Select a job to see its details."));
    nothing->setAlignment(Qt::AlignCenter);
    nothing->setEnabled(false);
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(makePage());
    scroll->setAccessibleName(tr("Details of the selected job"));
    m_pages->addWidget(nothing);
    m_pages->addWidget(scroll);
}

DetailsPane::~DetailsPane() = default;

QWidget *DetailsPane::makePage()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    m_name = new QLabel;
    m_name->setObjectName(u"name"_s);
    QFont bold = m_name->font();
    bold.setBold(true);
    bold.setPointSizeF(bold.pointSizeF() * 1.15);
    m_name->setFont(bold);
    m_name->setTextFormat(Qt::PlainText);
    m_name->setWordWrap(true);
    m_sentence = new QLabel;
    m_sentence->setObjectName(u"sentence"_s);
    m_segments = new SegmentMap;
    column->addWidget(m_name);
    column->addWidget(m_sentence);
    column->addLayout(makeErrorLine());
    column->addWidget(m_segments);
    column->addWidget(m_drives);
    m_form = new QFormLayout;
    m_form->setVerticalSpacing(2);
    m_message = addLine(*m_form, tr("Message:"), u"message"_s);
    m_steps = addLine(*m_form, tr("Steps:"), u"steps"_s);
    m_source = addLine(*m_form, tr("From:"), u"source"_s);
    m_target = addLine(*m_form, tr("File:"), u"target"_s);
    m_form->addRow(tr("SHA-256:"), makeDigestLine());
    m_times = addLine(*m_form, tr("Times:"), u"times"_s);
    m_attempt = addLine(*m_form, tr("Attempt:"), u"attempt"_s);
    column->addLayout(m_form);
    column->addStretch();
    return page;
}

QLayout *DetailsPane::makeErrorLine()
{
    auto *line = new QHBoxLayout;
    m_errorIcon = new SymbolLabel(symbol(u"warning"_s, Tone::Bad), 18);
    m_error = new QLabel;
    m_error->setObjectName(u"error"_s);
    m_error->setTextFormat(Qt::PlainText);
    m_error->setWordWrap(true);
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_error->setAccessibleName(tr("Error"));
    line->addWidget(m_errorIcon, 0, Qt::AlignTop);
    line->addWidget(m_error, 1);
    return line;
}

QWidget *DetailsPane::makeDigestLine()
{
    m_digestLine = new QWidget;
    auto *line = new QHBoxLayout(m_digestLine);
    line->setContentsMargins(0, 0, 0, 0);
    m_sha256 = makeReadOnlyLine();
    m_sha256->setObjectName(u"sha256"_s);
    m_sha256->setAccessibleName(tr("SHA-256 of the file"));
    m_copy = new QToolButton;
    m_copy->setObjectName(u"copySha256"_s);
    m_copy->setIcon(symbol(u"copy"_s));
    m_copy->setAutoRaise(true);
    m_copy->setToolTip(tr("Copy the SHA-256"));
    m_copy->setAccessibleName(m_copy->toolTip());
    connect(m_copy, &QToolButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_sha256->text()); });
    line->addWidget(m_sha256, 1);
    line->addWidget(m_copy);
    return m_digestLine;
}

QLineEdit *DetailsPane::addLine(QFormLayout &form, const QString &label, const QString &objectName)
{
    QLineEdit *line = makeReadOnlyLine();
    line->setObjectName(objectName);
    line->setAccessibleName(QString(label).remove(u':'));
    form.addRow(label, line);
    return line;
}

void DetailsPane::showJob(const core::JobSnapshot &job)
{
    m_name->setText(jobName(job));
    m_sentence->setText(progressSentence(job));
    showError(job);
    m_segments->setJob(job);
    m_segments->setVisible(job.details.drives.isEmpty());
    m_drives->setJob(job);
    // What our own workers say is in the sentence.
    const bool isOurs = job.kind != core::JobKind::External;
    setRow(m_message, isOurs ? QString() : job.details.message);
    setRow(m_steps, stepsText(job));
    setLine(m_source, job.source);
    setRow(m_target, job.details.target);
    setLine(m_sha256, job.details.sha256);
    setRow(m_digestLine, job.details.sha256);
    setLine(m_times, timesText(job));
    setRow(m_attempt, job.attempt > 1 ? QString::number(job.attempt) : QString());
    m_pages->setCurrentIndex(1);
}

void DetailsPane::showNothing()
{
    m_pages->setCurrentIndex(0);
}

void DetailsPane::showError(const core::JobSnapshot &job)
{
    m_error->setText(job.error ? errorText(*job.error) : QString());
    m_error->setVisible(job.error.has_value());
    m_errorIcon->setVisible(job.error.has_value());
}

void DetailsPane::setRow(QWidget *field, const QString &text)
{
    if (auto *line = qobject_cast<QLineEdit *>(field))
        setLine(line, text);
    field->setVisible(!text.isEmpty());
    m_form->labelForField(field)->setVisible(!text.isEmpty());
}

} // namespace ui
