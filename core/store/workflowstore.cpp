#include "core/store/workflowstore.h"

#include "core/base/logging.h"
#include "core/store/database.h"
#include "core/store/workflowstepsjson.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// In the order of valuesOf().
const QString &readSql()
{
    static const QString sql =
        u"SELECT id, title, asker, owner, scopes, isRemote, steps, wish, state, progress, stage, "
        "message, attempt, createdAt, finishedAt, rev FROM workflows ORDER BY id"_s;
    return sql;
}

const QString &writeSql()
{
    static const QString sql =
        u"INSERT OR REPLACE INTO workflows (id, title, asker, owner, scopes, isRemote, steps, "
        u"wish, "
        "state, progress, stage, message, attempt, createdAt, finishedAt, rev) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s;
    return sql;
}

QVariantList valuesOf(const Workflow &workflow)
{
    return {workflow.id.value,
            workflow.title,
            workflow.asker.name,
            workflow.asker.owner,
            scopeNames(workflow.asker.scopes).join(u' '),
            workflow.asker.isRemote ? 1 : 0,
            workflowStepsToJson(workflow.steps),
            QString(workflowWishName(workflow.wish)),
            QString(jobStateName(workflow.state)),
            workflow.progress,
            workflow.stage,
            workflow.message,
            workflow.attempt,
            workflow.createdAt,
            workflow.finishedAt,
            workflow.rev};
}

std::optional<Workflow> workflowOf(const QSqlQuery &row)
{
    const auto text = [&row](int column) { return row.value(column).toString(); };
    const auto scopes = scopesFromNames(text(4).split(u' ', Qt::SkipEmptyParts));
    const auto steps = workflowStepsFromJson(text(6));
    const auto wish = workflowWishFromName(text(7));
    const auto state = jobStateFromName(text(8));
    if (!scopes || !steps || !wish || !state)
        return std::nullopt;
    return Workflow{.id = WorkflowId{row.value(0).toLongLong()},
                    .title = text(1),
                    .asker = {text(2), text(3), *scopes, row.value(5).toInt() != 0},
                    .steps = *steps,
                    .wish = *wish,
                    .state = *state,
                    .progress = row.value(9).toDouble(),
                    .stage =
                        std::clamp<qsizetype>(row.value(10).toLongLong(), 0, steps->size() - 1),
                    .message = text(11),
                    .attempt = row.value(12).toInt(),
                    .createdAt = row.value(13).toLongLong(),
                    .finishedAt = row.value(14).toLongLong(),
                    .rev = row.value(15).toLongLong()};
}

} // namespace

WorkflowStore::WorkflowStore(StoreThread &store, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_writes(store,
               {[this](const Error &error) { emit failed(error); }, [this] { emit recovered(); }})
{ }

WorkflowStore::~WorkflowStore() = default;

Result<QList<Workflow>> WorkflowStore::load()
{
    QList<Workflow> workflows;
    const auto take = [&workflows](const QSqlQuery &row) {
        if (auto workflow = workflowOf(row))
            workflows.append(*std::move(workflow));
        else
            qCWarning(lcStore) << "stored workflow ignored:" << row.value(0).toLongLong();
    };
    const auto read = m_store.runNow([&](Database &database) {
        workflows.clear();
        return database.read(u"read the workflows"_s, readSql(), {}, take).and_then([&] {
            return loadLastId(database);
        });
    });
    if (!read)
        return fail(read.error());
    return workflows;
}

/// Runs on the store thread while the hub thread waits. https://sqlite.org/autoinc.html
Result<void> WorkflowStore::loadLastId(Database &database)
{
    return database.read(
        u"read the last workflow id"_s,
        u"SELECT seq FROM sqlite_sequence WHERE name = 'workflows'"_s, {},
        [this](const QSqlQuery &row) { m_lastId = WorkflowId{row.value(0).toLongLong()}; });
}

void WorkflowStore::put(const Workflow &workflow)
{
    m_writes.put(workflow.id.toString(), [workflow](Database &database) {
        return database.run(u"store workflow %1"_s.arg(workflow.id.toString()), writeSql(),
                            valuesOf(workflow));
    });
}

void WorkflowStore::remove(WorkflowId id)
{
    m_writes.put(id.toString(), [id](Database &database) {
        return database.run(u"forget workflow %1"_s.arg(id.toString()),
                            u"DELETE FROM workflows WHERE id = ?"_s, {id.value});
    });
}

void WorkflowStore::whenCommitted(WorkflowId id, QObject *context, Done done)
{
    m_writes.whenCommitted(id.toString(), context, std::move(done));
}

} // namespace core
