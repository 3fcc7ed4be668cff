#include "ui/text/totals.h"

#include "ui/text/formatting.h"

#include <QCoreApplication>
#include <QStringList>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Totals)
};

} // namespace

void Totals::count(const core::JobSnapshot &job, int sign)
{
    switch (job.state) {
    case core::JobState::Queued:
        queued += sign;
        return;
    case core::JobState::Running:
        running += sign;
        flashing += job.kind == core::JobKind::Flash ? sign : 0;
        bytesPerSecond += sign * job.progress.bytesPerSecond;
        return;
    case core::JobState::Paused:
        paused += sign;
        return;
    case core::JobState::Failed:
        failed += sign;
        return;
    case core::JobState::Succeeded:
    case core::JobState::Canceled:
        return;
    }
}

QString countsText(const Totals &totals)
{
    QStringList parts;
    if (totals.running > 0)
        parts.append(Text::tr("%1 running").arg(totals.running));
    if (totals.queued > 0)
        parts.append(Text::tr("%1 waiting").arg(totals.queued));
    if (totals.paused > 0)
        parts.append(Text::tr("%1 paused").arg(totals.paused));
    return parts.isEmpty() ? Text::tr("Nothing to do") : parts.join(u" · "_s);
}

QString tooltipText(const Totals &totals)
{
    const QString counts = u"Dray: %1"_s.arg(countsText(totals));
    if (totals.running == 0)
        return counts;
    return u"%1 · %2"_s.arg(counts, formatRate(totals.bytesPerSecond));
}

} // namespace ui
