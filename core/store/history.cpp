#include "core/store/history.h"

#include "core/base/logging.h"
#include "core/store/database.h"
#include "core/store/historyrow.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

HistoryVerdict verdictOf(JobState state)
{
    if (state == JobState::Succeeded)
        return HistoryVerdict::Succeeded;
    return state == JobState::Failed ? HistoryVerdict::Failed : HistoryVerdict::Canceled;
}

HistoryEntry entryOf(const JobSnapshot &job)
{
    return {.finishedAt = job.finishedAt,
            .job = job.id,
            .kind = job.kind,
            .owner = job.owner,
            .title = job.details.title,
            .source = job.source,
            .target = job.details.target,
            .bytes = job.progress.done,
            .sha256 = job.details.sha256,
            .verdict = verdictOf(job.state),
            .error = job.error};
}

/// Whether the job ended by this step, after it ran.
bool hasEnded(const JobChanged &step)
{
    return isFinal(step.job.state) && !isFinal(step.before.state) && step.job.startedAt > 0;
}

Result<void> write(Database &database, const HistoryEntry &entry)
{
    const QString purpose = u"add to the history"_s;
    return database.run(purpose, addHistorySql(), historyValues(entry)).and_then([&] {
        return database.run(purpose,
                            u"DELETE FROM history WHERE id <= (SELECT max(id) FROM history) - ?"_s,
                            {History::MostEntries});
    });
}

/// Up to `limit` entries, of all or of one owner, and one more when there is one.
Result<QList<HistoryEntry>>
read(Database &database, const History::Query &query, const QStringList &owner)
{
    QList<HistoryEntry> entries;
    QVariantList values{query.before};
    if (!owner.isEmpty())
        values.append(owner.constFirst());
    values.append(query.limit + 1);
    const QString onlyOwner = owner.isEmpty() ? QString() : u" AND owner = ?"_s;
    const auto done =
        database.read(u"read the history"_s,
                      u"SELECT %1 FROM history WHERE id < ?%2 ORDER BY id DESC LIMIT ?"_s.arg(
                          historyColumns(), onlyOwner),
                      values, [&entries](const QSqlQuery &row) {
                          auto entry = historyOf(row);
                          if (entry)
                              entries.append(std::move(*entry));
                          else
                              qCWarning(lcStore).noquote() << entry.error().context;
                      });
    return done ? Result<QList<HistoryEntry>>(std::move(entries)) : fail(done.error());
}

} // namespace

History::History(StoreThread &store, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_clock(clock)
    , m_writes(store,
               {[](const Error &error) {
                    qCWarning(lcStore).noquote()
                        << "the history is not written yet:" << error.context;
                },
                {}})
{ }

History::~History() = default;

void History::record(const JobEvents &events)
{
    for (const JobEvent &event : events) {
        const auto *changed = std::get_if<JobChanged>(&event.change);
        if (!changed || changed->before.state == changed->job.state)
            continue;
        if (hasEnded(*changed))
            recordEnd(changed->job);
        else
            m_flashes.remove(changed->job.id); // paused, or begun
    }
}

void History::recordEnd(const JobSnapshot &job)
{
    const auto drives = m_flashes.find(job.id);
    if (drives == m_flashes.end())
        return put(entryOf(job));
    for (const HistoryEntry &drive : *drives)
        put(drive);
    m_flashes.erase(drives);
}

void History::add(HistoryEntry entry)
{
    entry.finishedAt = m_clock.wallTime().count();
    QList<HistoryEntry> &undecided = m_flashes[entry.job];
    if (entry.verdict == HistoryVerdict::Canceled)
        undecided.append(entry);
    else
        put(entry);
}

void History::put(const HistoryEntry &entry)
{
    const QString drive = entry.drive ? entry.drive->id : QString();
    const QString key = u"%1 %2 %3"_s.arg(entry.job.toString(), drive).arg(entry.finishedAt);
    m_writes.put(key, [entry](Database &database) { return write(database, entry); });
}

void History::list(const Principal &who, Query query, QObject *context, Listed listed)
{
    if (!who.has(Scope::Read))
        return listed(fail(ErrorCode::Forbidden, u"\"%1\" lacks the scope read"_s.arg(who.name)));
    query.limit = std::clamp(query.limit, 1, MostListed);
    const QStringList owner = who.has(Scope::Admin) ? QStringList() : QStringList{who.owner};
    auto found = std::make_shared<QList<HistoryEntry>>();
    const auto look = [found, query, owner](Database &database) {
        return read(database, query, owner).map([&found](QList<HistoryEntry> entries) {
            *found = std::move(entries);
        });
    };
    m_store.write(look, context, [found, query, listed](const Result<void> &done) {
        if (!done)
            return listed(fail(done.error()));
        Page page{.entries = *found};
        if (page.entries.size() > query.limit) {
            page.entries.removeLast();
            page.next = page.entries.constLast().id;
        }
        listed(page);
    });
}

} // namespace core
