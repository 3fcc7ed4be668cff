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

EraseConfirmation::EraseConfirmation(QWidget *parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->addStretch();
}

EraseConfirmation::~EraseConfirmation() = default;

bool EraseConfirmation::mustBeProven(const core::DriveVerdict &verdict)
{
    return std::ranges::any_of(verdict.risks, [](core::DriveRisk risk) {
        return risk != core::DriveRisk::Rotational; // many sticks are said to turn
    });
}

QString EraseConfirmation::proofOf(const core::Drive &drive)
{
    return (drive.serial.isEmpty() ? drive.id : drive.serial).right(ProofLength);
}

void EraseConfirmation::setDrives(const QList<Judged> &drives)
{
    removeAllBut(drives);
    for (qsizetype i = 0; i < drives.size(); ++i) {
        const bool isKnown = i < m_rows.size()
            && m_rows.at(i).judged.drive.identity() == drives.at(i).drive.identity();
        if (!isKnown) {
            m_rows.insert(i, makeRow());
            m_column->insertWidget(int(i), m_rows.at(i).widget);
        }
        show(m_rows[i], drives.at(i));
    }
}

void EraseConfirmation::removeAllBut(const QList<Judged> &drives)
{
    m_rows.removeIf([&drives](const Row &row) {
        const auto stays = [&row](const Judged &judged) {
            return judged.drive.identity() == row.judged.drive.identity();
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
    return std::ranges::all_of(m_rows, [](const Row &row) {
        return !mustBeProven(row.judged.verdict)
            || row.proof->text().trimmed().compare(proofOf(row.judged.drive), Qt::CaseInsensitive)
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

void EraseConfirmation::show(Row &row, const Judged &judged)
{
    row.judged = judged;
    const core::Drive &drive = judged.drive;
    row.what->setText(
        u"%1 (%2)\n%3"_s.arg(driveName(drive), driveMarks(drive), erasureText(drive)));
    row.ask->setText(drive.serial.isEmpty()
                         ? tr("To erase it, type the last %1 characters of its id %2:")
                               .arg(QString::number(ProofLength), drive.id)
                         : tr("To erase it, type the last %1 characters of its serial number:")
                               .arg(ProofLength));
    row.proof->setAccessibleName(driveName(drive) + u": "_s + row.ask->text());
    row.proof->setAccessibleDescription(row.what->text());
    row.proof->setObjectName(u"proof "_s + drive.id);
    row.ask->setVisible(mustBeProven(judged.verdict));
    row.proof->setVisible(mustBeProven(judged.verdict));
}

} // namespace ui
