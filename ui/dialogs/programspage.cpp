#include "ui/dialogs/programspage.h"

#include "ui/dialogs/questions.h"
#include "ui/models/programlistmodel.h"
#include "ui/symbols.h"
#include "ui/text/accesstext.h"
#include "ui/text/formatting.h"
#include "ui/views/rowlist.h"

#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds RefreshInterval{5};
constexpr int FactLines = 5;

} // namespace

ProgramsPage::ProgramsPage(ProgramListModel &programs, ProgramAccess &access, QWidget *parent)
    : QWidget(parent)
    , m_programs(programs)
    , m_access(access)
{
    makeList();
    makeTexts();
    m_revoke = new QPushButton(tr("&Revoke…"));
    m_revoke->setObjectName(u"revoke"_s);
    m_revoke->setAutoDefault(false);
    auto *column = new QVBoxLayout(this);
    column->addWidget(m_list, 1);
    column->addWidget(m_facts);
    column->addWidget(m_problem);
    column->addWidget(m_problem);
    column->addWidget(m_revoke, 0, Qt::AlignRight);
    connect(m_revoke, &QPushButton::clicked, this, &ProgramsPage::askToRevoke);
    connect(new QShortcut(QKeySequence::Delete, m_list, nullptr, nullptr, Qt::WidgetShortcut),
            &QShortcut::activated, this, &ProgramsPage::askToRevoke);
    connect(&m_programs, &ProgramListModel::programsChanged, this, &ProgramsPage::showSelected);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ProgramsPage::showSelected);
    connect(&m_refresh, &QTimer::timeout, this, [this] { m_access.refresh(); });
    showSelected();
}

ProgramsPage::~ProgramsPage() = default;

void ProgramsPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_access.refresh();
    m_refresh.start(RefreshInterval);
}

void ProgramsPage::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_refresh.stop();
}

void ProgramsPage::makeList()
{
    m_list = new RowList(m_programs, u"programList"_s, {ProgramListModel::Name});
    m_list->setAccessibleName(tr("Programs with access"));
}

void ProgramsPage::makeTexts()
{
    m_facts = new QLabel;
    m_facts->setObjectName(u"programFacts"_s);
    m_facts->setTextFormat(Qt::PlainText);
    m_facts->setWordWrap(true);
    m_facts->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_facts->setMinimumHeight(fontMetrics().lineSpacing() * FactLines);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_facts->setAccessibleName(tr("About the selected program"));
    m_problem = new QLabel;
    m_problem->setObjectName(u"programProblem"_s);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    QPalette palette = m_problem->palette();
    palette.setColor(QPalette::WindowText, toneColor(Tone::Bad));
    m_problem->setPalette(palette);
    m_problem->hide();
}

/// None when no row is chosen.
const core::TokenEntry *ProgramsPage::selected() const
{
    const QModelIndex index = m_list->currentIndex();
    return index.isValid() ? &m_programs.program(index.row()) : nullptr;
}

void ProgramsPage::showSelected()
{
    const core::TokenEntry *program = selected();
    m_revoke->setEnabled(program != nullptr);
    if (!program)
        return m_facts->setText(
            m_programs.rowCount() == 0
                ? tr("No other program has access. One that wants it asks, and you are shown who "
                     "it is.")
                : tr("Choose a program to see what it may do, or to end its access."));
    QStringList lines{
        tr("“%1”, let in %2, may:").arg(program->name, formatTime(program->createdAt)),
        scopeLines(program->scopes).join(u"; "_s) + u'.'};
    if (!program->origin.isEmpty())
        lines.append(tr("Its address: %1").arg(QString::fromLatin1(program->origin)));
    m_facts->setText(lines.join(u'\n'));
}

void ProgramsPage::askToRevoke()
{
    if (const core::TokenEntry *program = selected())
        askRevoke(this, program->name, [this, asked = *program] { revoke(asked); });
}

void ProgramsPage::revoke(const core::TokenEntry &program)
{
    const auto onAnswer = [self = QPointer(this), name = program.name](const auto &done) {
        if (self)
            self->showProblem(done ? QString() : revokeFailedText(name, done.error()));
    };
    m_access.revoke(program.id, onAnswer);
}

void ProgramsPage::showProblem(const QString &sentence)
{
    m_problem->setText(sentence);
    m_problem->setVisible(!sentence.isEmpty());
}

} // namespace ui
