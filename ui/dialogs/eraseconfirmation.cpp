#include "ui/dialogs/eraseconfirmation.h"

#include "ui/symbols.h"
#include "ui/text/drivetext.h"
#include "ui/views/symbollabel.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>

#include <algorithm>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype ProofLength = 4;

} // namespace

EraseConfirmation::EraseConfirmation(Prove which, QWidget *parent)
    : QWidget(parent)
    , m_which(which)
    , m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->addStretch();
}

EraseConfirmation::~EraseConfirmation() = default;

bool EraseConfirmation::mustBeProven(const core::DriveErasure &erasure) const
{
    return m_which == Prove::All || std::ranges::any_of(erasure.risks, [](core::DriveRisk risk) {
               return risk != core::DriveRisk::Rotational; // many sticks are said to turn
           });
}

QString EraseConfirmation::proofOf(const core::DriveIdentity &drive)
{
    return (drive.serial.isEmpty() ? drive.id : drive.serial).right(ProofLength);
}

void EraseConfirmation::setDrives(const QList<core::DriveErasure> &drives)
{
    removeAllBut(drives);
    for (qsizetype i = 0; i < drives.size(); ++i) {
        const bool isKnown = i < m_rows.size() && m_rows.at(i).erasure.drive == drives.at(i).drive;
        if (!isKnown) {
            m_rows.insert(i, makeRow());
            m_column->insertWidget(int(i), m_rows.at(i).widget);
        }
        show(m_rows[i], drives.at(i));
    }
}

void EraseConfirmation::removeAllBut(const QList<core::DriveErasure> &drives)
{
    m_rows.removeIf([&drives](const Row &row) {
        const auto stays = [&row](const core::DriveErasure &erasure) {
            return erasure.drive == row.erasure.drive;
        };
        const bool isGone = std::ranges::none_of(drives, stays);
        if (isGone) {
            row.widget->setParent(nullptr);
            row.widget->deleteLater();
        }
        return isGone;
    });
}

bool EraseConfirmation::isComplete() const
{
    return std::ranges::all_of(m_rows, [this](const Row &row) {
        return !mustBeProven(row.erasure)
            || row.proof->text().trimmed().compare(proofOf(row.erasure.drive), Qt::CaseInsensitive)
            == 0;
    });
}

EraseConfirmation::Row EraseConfirmation::makeRow()
{
    Row row;
    row.widget = new QWidget;
    auto *grid = new QGridLayout(row.widget);
    grid->setContentsMargins(0, 4, 0, 4);
    row.what = new QLabel;
    row.what->setTextFormat(Qt::PlainText);
    row.what->setWordWrap(true);
    row.ask = new QLabel;
    row.ask->setTextFormat(Qt::PlainText);
    row.proof = new QLineEdit;
    row.proof->setMaximumWidth(fontMetrics().horizontalAdvance(u'M') * 10);
    row.ask->setBuddy(row.proof);
    connect(row.proof, &QLineEdit::textChanged, this, [this] { emit edited(); });
    grid->addWidget(new SymbolLabel(symbol(u"warning"_s, Tone::Bad), 18), 0, 0, Qt::AlignTop);
    grid->addWidget(row.what, 0, 1, 1, 3);
    grid->addWidget(row.ask, 1, 1);
    grid->addWidget(row.proof, 1, 2);
    grid->setColumnStretch(3, 1);
    return row;
}

void EraseConfirmation::show(Row &row, const core::DriveErasure &erasure)
{
    row.erasure = erasure;
    const core::DriveIdentity &drive = erasure.drive;
    row.what->setText(erasure.words + u'\n' + erasureText(erasure.contents));
    row.ask->setText(drive.serial.isEmpty()
                         ? tr("To erase it, type the last %1 characters of its id %2:")
                               .arg(QString::number(ProofLength), drive.id)
                         : tr("To erase it, type the last %1 characters of its serial number:")
                               .arg(ProofLength));
    row.proof->setAccessibleName(erasure.words + u": "_s + row.ask->text());
    row.proof->setAccessibleDescription(row.what->text());
    row.proof->setObjectName(u"proof "_s + drive.id);
    row.ask->setVisible(mustBeProven(erasure));
    row.proof->setVisible(mustBeProven(erasure));
}

} // namespace ui
