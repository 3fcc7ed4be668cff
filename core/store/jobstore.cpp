#include "core/store/jobstore.h"

#include "core/jobs/jobchange.h"
#include "core/store/database.h"
#include "core/store/jobrow.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

QString idemName(const QString &owner, const QString &key)
{
    return u"idem %1 %2"_s.arg(owner, key);
}

/// Whether there is nothing new but what a program or worker says of its work.
bool isTalk(const JobChanged &change)
{
    JobSnapshot silent = change.job;
    silent.progress.stage = change.before.progress.stage;
    silent.details.message = change.before.details.message;
    return movesOnlyNumbers(change.before, silent);
}

} // namespace

JobStore::JobStore(StoreThread &store, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_clock(clock)
    , m_writes(store,
               {[this](const Error &error) { emit failed(error); }, [this] { emit recovered(); }})
{ }

JobStore::~JobStore() = default;

Result<QList<JobSnapshot>> JobStore::load()
{
    QList<JobSnapshot> jobs;
    const auto read = m_store.runNow([&](Database &database) {
        jobs.clear();
        return database
            .read(u"read the jobs"_s, readJobsSql(), {},
                  [&](const QSqlQuery &row) { jobs.append(jobOf(row)); })
            .and_then([&] { return loadLastId(database); })
            .and_then([&] { return loadIdems(database); });
    });
    if (!read)
        return fail(read.error());
    return jobs;
}

/// Runs on the store thread while the hub thread waits. https://sqlite.org/autoinc.html
Result<void> JobStore::loadLastId(Database &database)
{
    return database.read(
        u"read the last job id"_s, u"SELECT seq FROM sqlite_sequence WHERE name = 'jobs'"_s, {},
        [this](const QSqlQuery &row) { m_lastId = JobId{row.value(0).toLongLong()}; });
}

/// Runs on the store thread while the hub thread waits.
Result<void> JobStore::loadIdems(Database &database)
{
    const QString purpose = u"read the idempotency keys"_s;
    m_idems.clear();
    return database
        .run(purpose,
             u"DELETE FROM idems WHERE createdAt < ? OR job NOT IN (SELECT id FROM jobs)"_s,
             {oldestIdem()})
        .and_then([&] {
            return database.read(
                purpose, u"SELECT owner, key, specDigest, job, createdAt FROM idems"_s, {},
                [this](const QSqlQuery &row) {
                    m_idems.insert({row.value(0).toString(), row.value(1).toString()},
                                   {row.value(2).toByteArray(), JobId{row.value(3).toLongLong()},
                                    row.value(4).toLongLong()});
                });
        });
}

void JobStore::record(const JobEvents &events)
{
    for (const JobEvent &event : events) {
        if (const auto *added = std::get_if<JobAdded>(&event.change))
            recordJob(added->job, Haste::Now);
        else if (const auto *changed = std::get_if<JobChanged>(&event.change))
            recordJob(changed->job, isTalk(*changed) ? Haste::Soon : Haste::Now);
        else if (const auto *removed = std::get_if<JobRemoved>(&event.change))
            recordRemoval(removed->id);
    }
}

void JobStore::recordJob(const JobSnapshot &job, Haste haste)
{
    const auto write = [job](Database &database) {
        return database.run(u"store job %1"_s.arg(job.id.toString()), writeJobSql(),
                            jobValues(job));
    };
    m_writes.put(job.id.toString(), write, haste);
}

void JobStore::recordRemoval(JobId id)
{
    m_idems.removeIf([id](const auto &idem) { return idem.value().job == id; });
    m_writes.put(id.toString(), [id](Database &database) {
        const QString purpose = u"forget job %1"_s.arg(id.toString());
        return database.run(purpose, u"DELETE FROM jobs WHERE id = ?"_s, {id.value}).and_then([&] {
            return database.run(purpose, u"DELETE FROM idems WHERE job = ?"_s, {id.value});
        });
    });
}

void JobStore::whenCommitted(JobId id, QObject *context, Done done)
{
    m_writes.whenCommitted(id.toString(), context, std::move(done));
}

std::optional<Idem> JobStore::findIdem(const QString &owner, const QString &key) const
{
    const auto idem = m_idems.constFind({owner, key});
    if (idem == m_idems.cend() || idem->createdAt < oldestIdem())
        return std::nullopt;
    return *idem;
}

void JobStore::rememberIdem(const QString &owner,
                            const QString &key,
                            const QByteArray &specDigest,
                            JobId job)
{
    forgetOldIdems();
    const Idem idem{specDigest, job, m_clock.wallTime().count()};
    m_idems.insert({owner, key}, idem);
    m_writes.put(idemName(owner, key), [=, oldest = oldestIdem()](Database &database) {
        const QString purpose = u"remember an idempotency key"_s;
        return database.run(purpose, u"DELETE FROM idems WHERE createdAt < ?"_s, {oldest})
            .and_then([&] {
                return database.run(purpose,
                                    u"INSERT OR REPLACE INTO idems (owner, key, specDigest, job, "
                                    "createdAt) VALUES (?, ?, ?, ?, ?)"_s,
                                    {owner, key, idem.specDigest, idem.job.value, idem.createdAt});
            });
    });
}

void JobStore::forgetOldIdems()
{
    m_idems.removeIf(
        [oldest = oldestIdem()](const auto &idem) { return idem.value().createdAt < oldest; });
}

qint64 JobStore::oldestIdem() const
{
    return (m_clock.wallTime() - IdemLifetime).count();
}

} // namespace core
