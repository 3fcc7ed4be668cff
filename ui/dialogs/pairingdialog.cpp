#include "ui/dialogs/pairingdialog.h"

#include "ui/text/accesstext.h"
#include "ui/text/formatting.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QTimer>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

constexpr core::Milliseconds TickInterval{250};
constexpr double CodeScale = 3; // of the dialog's letters
constexpr int Unanswered = 2; // neither QDialog::Accepted nor Rejected
constexpr int Width = 460;
constexpr int Gap = 12;

/// Text of another program is shown as it is, never as markup.
QLabel *plainLabel(const QString &text)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

PairingDialog::PairingDialog(core::Pairing asked,
                             const core::Clock &clock,
                             core::Milliseconds until,
                             QWidget *parent)
    : QDialog(parent)
    , m_asked(std::move(asked))
    , m_clock(clock)
    , m_shownAt(clock.monotonicTime())
    , m_until(until)
{
    setWindowTitle(tr("Let this program in?"));
    setAttribute(Qt::WA_DeleteOnClose);
    setFixedWidth(Width);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(Gap);
    auto *question = plainLabel(pairingText(m_asked.name));
    question->setObjectName(u"question"_s);
    QFont strong = question->font();
    strong.setBold(true);
    question->setFont(strong);
    column->addWidget(question);
    column->addLayout(makeFacts());
    column->addWidget(plainLabel(tr("It shows a code. Let it in only if the code is this one:")));
    makeCode();
    column->addWidget(m_code);
    column->addWidget(makeScopes());
    m_timeLeft = plainLabel({});
    m_timeLeft->setObjectName(u"timeLeft"_s);
    column->addWidget(m_timeLeft);
    makeButtons();
    auto *timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &PairingDialog::onTick);
    timer->start(TickInterval);
    onTick();
    m_code->setFocus(); // no button: a key of somebody who was typing elsewhere answers nothing
}

PairingDialog::~PairingDialog() = default;

void PairingDialog::end()
{
    done(Unanswered);
}

QFormLayout *PairingDialog::makeFacts() const
{
    auto *facts = new QFormLayout;
    const auto add = [facts](const QString &name, const QString &text, const QString &objectName) {
        auto *label = plainLabel(text);
        label->setObjectName(objectName);
        facts->addRow(name, label);
    };
    add(tr("It says it is:"), m_asked.kind, u"kind"_s);
    if (!m_asked.origin.isEmpty())
        add(tr("Its address:"), QString::fromLatin1(m_asked.origin), u"origin"_s);
    return facts;
}

void PairingDialog::makeCode()
{
    m_code = plainLabel(codeText(m_asked.code));
    m_code->setObjectName(u"code"_s);
    QFont large = m_code->font();
    large.setPointSizeF(large.pointSizeF() * CodeScale);
    large.setBold(true);
    m_code->setFont(large);
    m_code->setAlignment(Qt::AlignCenter);
    m_code->setFocusPolicy(Qt::StrongFocus); // for readers of the screen too
    QStringList digits;
    for (const QChar digit : m_asked.code)
        digits.append(digit);
    m_code->setAccessibleName(tr("Code %1").arg(digits.join(u' ')));
}

QLabel *PairingDialog::makeScopes() const
{
    QString text = tr("It will be able to:");
    for (const QString &line : scopeLines(core::Pairings::Granted))
        text += u"\n  • "_s + line;
    text += u"\n\n"_s;
    text +=
        tr("It cannot change settings, write to a drive unasked, or run commands. You can end its "
           "access in Settings at any time.");
    QLabel *label = plainLabel(text);
    label->setObjectName(u"scopes"_s);
    return label;
}

/// No button is the default one: Enter answers nothing.
void PairingDialog::makeButtons()
{
    auto *buttons = new QDialogButtonBox;
    m_letIn = buttons->addButton(tr("&Let in"), QDialogButtonBox::ActionRole);
    m_letIn->setObjectName(u"letIn"_s);
    m_letIn->setEnabled(false);
    QPushButton *refuse = buttons->addButton(tr("&Refuse"), QDialogButtonBox::RejectRole);
    refuse->setObjectName(u"refuse"_s);
    for (QPushButton *button : {m_letIn, refuse})
        button->setAutoDefault(false);
    connect(m_letIn, &QPushButton::clicked, this, &QDialog::accept);
    connect(refuse, &QPushButton::clicked, this, &QDialog::reject);
    layout()->addWidget(buttons);
}

void PairingDialog::onTick()
{
    m_letIn->setEnabled(m_clock.monotonicTime() - m_shownAt >= FirstLook);
    showTimeLeft();
}

void PairingDialog::showTimeLeft()
{
    const auto left = std::chrono::ceil<std::chrono::seconds>(m_until - m_clock.monotonicTime());
    m_timeLeft->setText(tr("Without an answer it is refused in %1.")
                            .arg(formatDuration(std::max<qint64>(left.count(), 0))));
}

} // namespace ui
