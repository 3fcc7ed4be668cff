#include "ui/dialogs/timefields.h"

#include <QCheckBox>
#include <QDateTimeEdit>
#include <QFormLayout>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

constexpr int HoursToStart = 1;
constexpr int HoursToStop = 8;

/// The full hour that is at least `hours` away; seconds cannot be chosen.
QDateTime fullHourIn(int hours)
{
    const QDateTime later = QDateTime::currentDateTime().addSecs((hours + 1) * 3600LL - 1);
    return {later.date(), QTime(later.time().hour(), 0)};
}

} // namespace

TimeFields::TimeFields(QFormLayout &form, QObject *parent)
    : QObject(parent)
    , m_form(form)
{
    m_paused = new QCheckBox(tr("A&dd without starting"));
    m_paused->setObjectName(u"paused"_s);
    m_form.addRow(m_paused);
    connect(m_paused, &QCheckBox::toggled, this, &TimeFields::adapt);
    m_start = addMoment(u"startAt"_s, tr("Sta&rt later, at:"));
    m_start.time->setDateTime(fullHourIn(HoursToStart));
    m_stop = addMoment(u"stopAt"_s, tr("&Pause if not finished at:"));
    m_stop.time->setDateTime(fullHourIn(HoursToStop));
    adapt();
}

TimeFields::~TimeFields() = default;

void TimeFields::fill(AddForm &form) const
{
    form.start = m_paused->isChecked() ? AddForm::Start::Paused : AddForm::Start::Queued;
    if (m_start.box->isChecked())
        form.startAt = m_start.time->dateTime();
    if (m_stop.box->isChecked())
        form.stopAt = m_stop.time->dateTime();
}

TimeFields::Moment TimeFields::addMoment(const QString &name, const QString &label)
{
    const Moment moment{new QCheckBox(label), new QDateTimeEdit};
    moment.box->setObjectName(name + u"Box"_s);
    moment.time->setObjectName(name);
    moment.time->setAccessibleName(QString(label).remove(u'&').remove(u':'));
    moment.time->setCalendarPopup(true);
    m_form.addRow(moment.box, moment.time);
    connect(moment.box, &QCheckBox::toggled, this, &TimeFields::adapt);
    connect(moment.time, &QDateTimeEdit::dateTimeChanged, this, &TimeFields::edited);
    return moment;
}

void TimeFields::adapt()
{
    m_start.box->setEnabled(!m_paused->isChecked());
    m_start.time->setEnabled(m_start.box->isEnabled() && m_start.box->isChecked());
    m_stop.time->setEnabled(m_stop.box->isChecked());
    emit edited();
}

} // namespace ui
