#include "server/dialects/socketio/aireports.h"

#include "server/dialects/socketio/aisteps.h"

namespace server {

using namespace Qt::StringLiterals;
using core::JobSnapshot;
using Kind = Conversations::Kind;

namespace {

/// So many budgets are kept before those that nobody uses are looked for.
constexpr size_t ManyBudgets = 64;

/// A percentage is a work of 100; without one, steps are counted.
void takeProgress(core::JobReport &report, const AiMessage &message)
{
    report.done = message.percent();
    if (!report.done && report.steps)
        report.done = 100 * stepsDone(*report.steps) / report.steps->size();
    if (report.done)
        report.total = 100;
}

/// The steps that `report` goes on from: of another attempt, none is done.
QList<core::JobStep> stepsBefore(const JobSnapshot *job, const core::JobReport &report)
{
    if (!job)
        return {};
    QList<core::JobStep> steps = job->details.steps;
    if (beginsAnew(*job, report))
        for (core::JobStep &step : steps)
            step = {.title = step.title};
    return steps;
}

} // namespace

core::JobReport jobReportFrom(const AiMessage &message, const JobSnapshot *before)
{
    core::JobReport report{
        .job = message.job, .type = message.type, .conversation = message.conversation};
    const QString title = message.text(u"title"_s).left(core::JobReport::LongestTitle);
    if (!title.isEmpty())
        report.title = title;
    else if (!before)
        report.title = u"AI %1"_s.arg(message.job);
    if (const QString words = message.text(u"message"_s); !words.isEmpty())
        report.message = words;
    const auto steps = stepsAfter(stepsBefore(before, report), message);
    if (!steps.isEmpty())
        report.steps = steps;
    takeProgress(report, message);
    return report;
}

AiReports::AiReports(core::ExternalJobs &jobs,
                     core::JobRegistry &registry,
                     AiFeed &feed,
                     const core::Clock &clock)
    : m_jobs(jobs)
    , m_feed(feed)
    , m_clock(clock)
{
    connect(&registry, &core::JobRegistry::eventsReady, this, &AiReports::onEvents);
}

AiReports::~AiReports() = default;

void AiReports::take(const core::Principal &who, const AiMessage &message, const Answer &answer)
{
    if (const auto allowed = requireScope(who, core::Scope::Report); !allowed)
        return answer(core::fail(allowed.error()));
    const JobSnapshot *known = find(who, message.job);
    const core::JobReport report = jobReportFrom(message, known);
    if (const auto checked = checkReport(report); !checked)
        return answer(core::fail(checked.error()));
    const Kind kind = movesOnlyNumbers(known, report, message) ? Kind::Numbers : Kind::Words;
    if (const auto allowed = kind == Kind::Words ? spend(who) : core::Result<void>(); !allowed)
        return answer(core::fail(allowed.error()));
    const auto isRefused = std::make_shared<bool>(false);
    m_isRelaying = true;
    const auto done = [answer, isRefused](const core::Result<JobSnapshot> &job) {
        *isRefused = !job;
        answer(job);
    };
    if (known)
        m_jobs.report(who, report, done);
    else
        m_jobs.add(who, report, done);
    m_isRelaying = false;
    // One that is being made is there before it is answered, and nothing may overtake its first message.
    if (const JobSnapshot *job = *isRefused ? nullptr : find(who, message.job))
        relay(*job, message, kind);
}

/// The job that a task is. A program that counts its tasks does not mean our jobs of these numbers.
const JobSnapshot *AiReports::find(const core::Principal &who, const QString &task)
{
    const JobSnapshot *job = m_jobs.find(who, task);
    return job && (job->source == task || isAiWork(*job)) ? job : nullptr;
}

/// Whether the message says what the one before it said, but for the numbers.
bool AiReports::movesOnlyNumbers(const JobSnapshot *job,
                                 const core::JobReport &report,
                                 const AiMessage &message) const
{
    return job && !beginsAnew(*job, report) && m_told.value(job->id).words == message.words;
}

/// Counts one change.
core::Result<void> AiReports::spend(const core::Principal &who)
{
    const core::Milliseconds now = m_clock.monotonicTime();
    if (m_budgets.size() >= ManyBudgets)
        std::erase_if(m_budgets, [now](const auto &entry) { return entry.second.isUnused(now); });
    if (m_budgets[{who.owner, who.name}].take(now))
        return {};
    return core::fail(core::ErrorCode::RateLimited,
                      u"%1 changes a second; numbers are not counted"_s.arg(
                          core::ReportBudget::ChangesPerSecond));
}

void AiReports::relay(const JobSnapshot &job, const AiMessage &message, Kind kind)
{
    m_told[job.id] = {.words = message.words, .event = aiWordsOf(job)};
    const AiFeed::Update update{job.owner, message.conversation, message.job, message.json};
    if (kind == Kind::Numbers)
        m_feed.tellNumbers(update);
    else
        m_feed.tell(update);
}

void AiReports::onEvents(const core::JobEvents &events)
{
    if (m_isRelaying) // they come of what is relayed as it was sent
        return;
    for (const core::JobEvent &event : events) {
        if (const auto *added = std::get_if<core::JobAdded>(&event.change))
            onMoved(nullptr, added->job);
        else if (const auto *changed = std::get_if<core::JobChanged>(&event.change))
            onMoved(&changed->before, changed->job);
        else if (const auto *progressed = std::get_if<core::JobProgressed>(&event.change))
            onMoved(&progressed->job, progressed->job);
        else if (const auto *removed = std::get_if<core::JobRemoved>(&event.change))
            m_told.remove(removed->id);
    }
}

void AiReports::onMoved(const JobSnapshot *before, const JobSnapshot &job)
{
    const auto words = aiWordsOf(job);
    if (!words)
        return;
    const Told &told = m_told[job.id];
    auto last = told.event;
    if (!last && before)
        last = aiWordsOf(*before); // of an earlier start
    if (last && last->saysTheSame(*words) && before && before->attempt == job.attempt) {
        // Its program's own messages have the numbers.
        if (told.words.isEmpty() && *last != *words)
            tell(job, *words, Kind::Numbers);
        return;
    }
    tell(job, *words, Kind::Words);
}

void AiReports::tell(const JobSnapshot &job, const AiWords &words, Kind kind)
{
    m_told[job.id] = {.words = {}, .event = words};
    const AiFeed::Update update{job.owner, words.conversation, words.job,
                                words.json(m_clock.wallTime())};
    if (kind == Kind::Numbers)
        m_feed.tellNumbers(update);
    else
        m_feed.tell(update);
}

} // namespace server
