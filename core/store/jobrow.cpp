#include "core/store/jobrow.h"

#include "core/store/jobdetailsjson.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

enum Column {
    Id,
    Kind,
    Owner,
    State,
    StageOfWork,
    Done,
    Total,
    Title,
    Message,
    Target,
    Sha256,
    Steps,
    Drives,
    ErrorCodeName,
    ErrorContext,
    Source,
    Spec,
    Prerequisites,
    Workflow,
    Position,
    Attempt,
    CreatedAt,
    StartedAt,
    FinishedAt,
    StopsAs,
    SpeedLimit,
    StartAt,
    StopAt,
    WaitsForHours,
    IgnoresHours,
    FedBy,
    Rev
};

/// In the order of Column.
const QStringList &columns()
{
    static const QStringList names{
        u"id"_s,         u"kind"_s,      u"owner"_s,         u"state"_s,         u"stage"_s,
        u"done"_s,       u"total"_s,     u"title"_s,         u"message"_s,       u"target"_s,
        u"sha256"_s,     u"steps"_s,     u"drives"_s,        u"errorCode"_s,     u"errorContext"_s,
        u"source"_s,     u"spec"_s,      u"prerequisites"_s, u"workflow"_s,      u"position"_s,
        u"attempt"_s,    u"createdAt"_s, u"startedAt"_s,     u"finishedAt"_s,    u"stopsAs"_s,
        u"speedLimit"_s, u"startAt"_s,   u"stopAt"_s,        u"waitsForHours"_s, u"ignoresHours"_s,
        u"fedBy"_s,      u"rev"_s};
    return names;
}

/// Reads one row and remembers the first value that cannot be understood.
class Reader
{
public:
    explicit Reader(const QSqlQuery &row)
        : m_row(row)
    { }

    [[nodiscard]] QString text(Column column) const { return m_row.value(column).toString(); }
    [[nodiscard]] qint64 number(Column column) const { return m_row.value(column).toLongLong(); }
    [[nodiscard]] bool isNull(Column column) const { return m_row.value(column).isNull(); }

    template<typename T>
    [[nodiscard]] T parsed(Column column, std::optional<T> (*parse)(QStringView))
    {
        const QString stored = text(column);
        std::optional<T> value = parse(stored);
        if (!value && m_complaint.isEmpty())
            m_complaint = u"stored job: %1 is not a %2"_s.arg(stored, columns().at(column));
        return std::move(value).value_or(T{});
    }
    [[nodiscard]] const QString &complaint() const { return m_complaint; }

private:
    const QSqlQuery &m_row;
    QString m_complaint;
};

JobDetails detailsOf(Reader &row)
{
    JobDetails details;
    details.title = row.text(Title);
    details.message = row.text(Message);
    details.target = row.text(Target);
    details.sha256 = row.text(Sha256);
    details.steps = row.parsed(Steps, stepsFromJson);
    details.drives = row.parsed(Drives, drivesFromJson);
    return details;
}

void readTimes(JobSnapshot &job, const Reader &row)
{
    job.createdAt = row.number(CreatedAt);
    job.startedAt = row.number(StartedAt);
    job.finishedAt = row.number(FinishedAt);
    job.startAt = row.number(StartAt);
    job.stopAt = row.number(StopAt);
    job.waitsForHours = row.number(WaitsForHours) != 0;
    job.ignoresHours = row.number(IgnoresHours) != 0;
}

} // namespace

const QString &writeJobSql()
{
    static const QString sql = [] {
        QStringList updates;
        for (const QString &name : columns().mid(1))
            updates.append(u"%1 = excluded.%1"_s.arg(name));
        const QStringList marks(columns().size(), u"?"_s);
        return u"INSERT INTO jobs (%1) VALUES (%2) ON CONFLICT (id) DO UPDATE SET %3 "
               "WHERE rev <> excluded.rev"_s.arg(columns().join(u", "_s), marks.join(u", "_s),
                                                 updates.join(u", "_s));
    }();
    return sql;
}

QVariantList jobValues(const JobSnapshot &job)
{
    const QVariant code =
        job.error ? QVariant(QString(errorCodeName(job.error->code))) : QVariant();
    const QVariant context = job.error ? QVariant(job.error->context) : QVariant();
    return {job.id.value,
            QString(jobKindName(job.kind)),
            job.owner,
            QString(jobStateName(job.state)),
            QString(stageName(job.progress.stage)),
            job.progress.done,
            job.progress.total,
            job.details.title,
            job.details.message,
            job.details.target,
            job.details.sha256,
            stepsToJson(job.details.steps),
            drivesToJson(job.details.drives),
            code,
            context,
            job.source,
            job.spec,
            jobIdsToJson(job.prerequisites),
            job.workflow,
            job.position,
            job.attempt,
            job.createdAt,
            job.startedAt,
            job.finishedAt,
            job.stopRequested ? QString(jobStateName(job.stopsAs)) : QString(u""_s),
            job.speedLimit,
            job.startAt,
            job.stopAt,
            job.waitsForHours ? 1 : 0,
            job.ignoresHours ? 1 : 0,
            job.fedBy.value,
            job.rev};
}

const QString &readJobsSql()
{
    static const QString sql =
        u"SELECT %1 FROM jobs ORDER BY position"_s.arg(columns().join(u", "_s));
    return sql;
}

JobSnapshot jobOf(const QSqlQuery &query)
{
    Reader row(query);
    JobSnapshot job;
    job.id = JobId{row.number(Id)};
    job.kind = row.parsed(Kind, jobKindFromName);
    job.owner = row.text(Owner);
    job.state = row.parsed(State, jobStateFromName);
    job.progress.stage = row.parsed(StageOfWork, stageFromName);
    job.progress.done = row.number(Done);
    job.progress.total = row.number(Total);
    job.details = detailsOf(row);
    if (!row.isNull(ErrorCodeName))
        job.error = Error{row.parsed(ErrorCodeName, errorCodeFromName), row.text(ErrorContext)};
    job.source = row.text(Source);
    job.spec = query.value(Spec).toByteArray();
    job.prerequisites = row.parsed(Prerequisites, jobIdsFromJson);
    job.fedBy = JobId{row.number(FedBy)};
    job.workflow = row.text(Workflow);
    job.position = row.number(Position);
    job.attempt = int(row.number(Attempt));
    readTimes(job, row);
    job.stopRequested = !row.text(StopsAs).isEmpty();
    if (job.stopRequested)
        job.stopsAs = row.parsed(StopsAs, jobStateFromName);
    job.speedLimit = row.number(SpeedLimit);
    job.rev = row.number(Rev);
    if (!row.complaint().isEmpty()) {
        job.state = JobState::Failed;
        job.error = Error{ErrorCode::StoreFailed, row.complaint()};
    }
    return job;
}

} // namespace core
