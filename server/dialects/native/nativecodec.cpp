#include "server/dialects/native/nativecodec.h"

#include "server/dialects/errortext.h"
#include "server/dialects/json.h"

#include <QJsonArray>

#include <array>

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::JobSnapshot;

void setNumber(QJsonObject &object, QLatin1StringView key, std::optional<qint64> number)
{
    if (number)
        object.insert(key, *number);
}

/// Numbers that are -1 while unknown.
std::optional<qint64> known(qint64 number)
{
    return number < 0 ? std::nullopt : std::optional(number);
}

QJsonArray stepsArray(const QList<core::JobStep> &steps)
{
    QJsonArray array;
    for (const core::JobStep &step : steps)
        array.append(QJsonObject{{u"title"_s, step.title},
                                 {u"state"_s, jobStateName(step.state)},
                                 {u"progress"_s, step.progress}});
    return array;
}

QJsonArray drivesArray(const QList<core::JobDrive> &drives)
{
    QJsonArray array;
    for (const core::JobDrive &drive : drives) {
        QJsonObject object{
            {u"id"_s, drive.id}, {u"state"_s, jobStateName(drive.state)}, {u"done"_s, drive.done}};
        if (drive.error)
            object.insert("error"_L1, errorObject(*drive.error));
        array.append(object);
    }
    return array;
}

QJsonArray segmentsArray(const QList<core::JobSegment> &segments)
{
    QJsonArray array;
    for (const core::JobSegment &segment : segments)
        array.append(QJsonObject{
            {u"begin"_s, segment.begin}, {u"end"_s, segment.end}, {u"done"_s, segment.done}});
    return array;
}

void setArray(QJsonObject &object, QLatin1StringView key, const QJsonArray &array)
{
    if (!array.isEmpty())
        object.insert(key, array);
}

/// The members that move on the progress lane. A patch names each of them, also when it was cleared.
constexpr std::array ProgressKeys{"done"_L1, "total"_L1, "bytesPerSecond"_L1, "etaSeconds"_L1,
                                  "stage"_L1};

void setProgress(QJsonObject &object, const core::Progress &progress)
{
    object.insert("done"_L1, progress.done);
    setNumber(object, "total"_L1, known(progress.total));
    object.insert("bytesPerSecond"_L1, progress.bytesPerSecond);
    setNumber(object, "etaSeconds"_L1, known(progress.etaSeconds));
    object.insert("stage"_L1, stageName(progress.stage));
}

bool hasSameSteps(const QList<core::JobStep> &a, const QList<core::JobStep> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto &x, const auto &y) {
        return x.title == y.title && x.state == y.state;
    });
}

bool hasSameDrives(const QList<core::JobDrive> &a, const QList<core::JobDrive> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto &x, const auto &y) {
        return x.id == y.id && x.state == y.state && x.error == y.error;
    });
}

QJsonValue valueOf(const QString &text)
{
    return text.isEmpty() ? QJsonValue::Undefined : QJsonValue(text);
}

/// 0 says nothing, such as times when it has not happened.
QJsonValue valueOf(qint64 number)
{
    return number == 0 ? QJsonValue::Undefined : QJsonValue(number);
}

QJsonValue valueOf(core::JobId id)
{
    return id.toString();
}

QJsonValue valueOf(core::JobKind kind)
{
    return jobKindName(kind);
}

QJsonValue valueOf(core::JobState state)
{
    return jobStateName(state);
}

QJsonValue valueOf(const std::optional<core::Error> &error)
{
    return error ? errorObject(*error) : QJsonValue(QJsonValue::Undefined);
}

QJsonValue valueOf(const QJsonArray &array)
{
    return array.isEmpty() ? QJsonValue::Undefined : QJsonValue(array);
}

/// Writes what is set of a job; with `before` what is not as there, null where it is unset now.
class JobMembers
{
public:
    JobMembers(QJsonObject &object, const JobSnapshot &job, const JobSnapshot *before)
        : m_object(object)
        , m_job(job)
        , m_before(before)
    { }

    void writeAll() const;

private:
    template<typename Part>
    void put(QLatin1StringView key, Part JobSnapshot::*part) const
    {
        if (!m_before || m_before->*part != m_job.*part)
            insert(key, valueOf(m_job.*part));
    }
    void put(QLatin1StringView key, QString core::JobDetails::*part) const
    {
        if (!m_before || m_before->details.*part != m_job.details.*part)
            insert(key, valueOf(m_job.details.*part));
    }
    void insert(QLatin1StringView key, const QJsonValue &value) const
    {
        if (!value.isUndefined())
            m_object.insert(key, value);
        else if (m_before)
            m_object.insert(key, QJsonValue::Null);
    }

    QJsonObject &m_object;
    const JobSnapshot &m_job;
    const JobSnapshot *m_before;
};

void JobMembers::writeAll() const
{
    put("id"_L1, &JobSnapshot::id);
    put("kind"_L1, &JobSnapshot::kind);
    put("owner"_L1, &JobSnapshot::owner);
    put("state"_L1, &JobSnapshot::state);
    put("attempt"_L1, &JobSnapshot::attempt);
    put("rev"_L1, &JobSnapshot::rev);
    put("title"_L1, &core::JobDetails::title);
    put("message"_L1, &core::JobDetails::message);
    put(m_job.kind == core::JobKind::External ? "externalId"_L1 : "source"_L1,
        &JobSnapshot::source);
    put("target"_L1, &core::JobDetails::target);
    put("sha256"_L1, &core::JobDetails::sha256);
    if (!m_before || m_before->workflow != m_job.workflow)
        insert("workflow"_L1, valueOf(m_job.workflow.section(u'/', 0, 0))); // behind it is the step
    put("position"_L1, &JobSnapshot::position);
    put("speedLimit"_L1, &JobSnapshot::speedLimit);
    put("startAt"_L1, &JobSnapshot::startAt);
    put("stopAt"_L1, &JobSnapshot::stopAt);
    put("error"_L1, &JobSnapshot::error);
    const core::JobDetails &details = m_job.details;
    if (!m_before || !hasSameSteps(m_before->details.steps, details.steps))
        insert("steps"_L1, valueOf(stepsArray(details.steps)));
    if (!m_before || !hasSameDrives(m_before->details.drives, details.drives))
        insert("drives"_L1, valueOf(drivesArray(details.drives)));
    put("createdAt"_L1, &JobSnapshot::createdAt);
    put("startedAt"_L1, &JobSnapshot::startedAt);
    put("finishedAt"_L1, &JobSnapshot::finishedAt);
}

} // namespace

QJsonObject errorObject(const core::Error &error)
{
    return {{u"code"_s, errorCodeName(error.code)},
            {u"message"_s, errorMessage(error)},
            {u"retryable"_s, isRetryable(error.code)}};
}

QJsonObject jobObject(const JobSnapshot &job, Segments segments)
{
    QJsonObject object;
    JobMembers(object, job, nullptr).writeAll();
    setProgress(object, job.progress);
    if (segments == Segments::Yes)
        setArray(object, "segments"_L1, segmentsArray(job.details.segments));
    return object;
}

QJsonObject jobPatch(const JobSnapshot &before, const JobSnapshot &after)
{
    QJsonObject patch;
    JobMembers(patch, after, &before).writeAll();
    for (const QLatin1StringView key : ProgressKeys)
        patch.insert(key, QJsonValue::Null);
    setProgress(patch, after.progress);
    return patch;
}

bool isProgressOnly(const QJsonObject &patch)
{
    return patch.size() == qsizetype(ProgressKeys.size()) + 1 && patch.contains("rev"_L1);
}

QJsonObject mergePatch(QJsonObject target, const QJsonObject &patch)
{
    for (auto member = patch.begin(); member != patch.end(); ++member) {
        const QJsonValue value = member.value();
        if (value.isNull())
            target.remove(member.key());
        else if (value.isObject())
            target.insert(member.key(),
                          mergePatch(target.value(member.key()).toObject(), value.toObject()));
        else
            target.insert(member.key(), value);
    }
    return target;
}

QStringList progressColumns()
{
    return {u"id"_s,         u"rev"_s,   u"done"_s,   u"total"_s, u"bytesPerSecond"_s,
            u"etaSeconds"_s, u"stage"_s, u"details"_s};
}

QByteArray progressRow(const JobSnapshot &job, Columns columns)
{
    const auto numberOrNull = [](qint64 number) {
        return number < 0 ? QByteArrayLiteral("null") : QByteArray::number(number);
    };
    const QLatin1StringView stage = stageName(job.progress.stage);
    QByteArray row = "[\"" + QByteArray::number(job.id.value) + "\"," + QByteArray::number(job.rev)
        + ',' + QByteArray::number(job.progress.done) + ',' + numberOrNull(job.progress.total) + ','
        + QByteArray::number(job.progress.bytesPerSecond) + ','
        + numberOrNull(job.progress.etaSeconds) + ",\"" + QByteArray(stage.data(), stage.size())
        + '"';
    if (columns == Columns::WithDetails) {
        QJsonObject details;
        setArray(details, "drives"_L1, drivesArray(job.details.drives));
        setArray(details, "steps"_L1, stepsArray(job.details.steps));
        setArray(details, "segments"_L1, segmentsArray(job.details.segments));
        if (!details.isEmpty())
            row += ',' + encode(details);
    }
    return row + ']';
}

namespace {

core::Error errorFrom(const QJsonObject &object)
{
    const auto code = core::errorCodeFromName(object.value("code"_L1).toString());
    core::Error error{code.value_or(core::ErrorCode::Internal),
                      object.value("message"_L1).toString()};
    const QString title = errorTitle(error.code);
    if (error.context == title)
        error.context.clear();
    else if (error.context.startsWith(title + ": "_L1))
        error.context.remove(0, title.size() + 2);
    return error;
}

core::JobState stateFrom(const QJsonObject &object)
{
    return core::jobStateFromName(object.value("state"_L1).toString())
        .value_or(core::JobState::Queued);
}

core::Progress progressFrom(const QJsonObject &object)
{
    return {
        .stage =
            core::stageFromName(object.value("stage"_L1).toString()).value_or(core::Stage::None),
        .done = object.value("done"_L1).toInteger(0),
        .total = object.value("total"_L1).toInteger(-1),
        .bytesPerSecond = object.value("bytesPerSecond"_L1).toInteger(0),
        .etaSeconds = object.value("etaSeconds"_L1).toInteger(-1)};
}

core::JobDetails detailsFrom(const QJsonObject &object)
{
    core::JobDetails details{.title = object.value("title"_L1).toString(),
                             .message = object.value("message"_L1).toString(),
                             .target = object.value("target"_L1).toString(),
                             .sha256 = object.value("sha256"_L1).toString()};
    for (const QJsonValue &value : object.value("steps"_L1).toArray()) {
        const QJsonObject step = value.toObject();
        details.steps.append({.title = step.value("title"_L1).toString(),
                              .state = stateFrom(step),
                              .progress = step.value("progress"_L1).toDouble()});
    }
    for (const QJsonValue &value : object.value("drives"_L1).toArray()) {
        const QJsonObject drive = value.toObject();
        core::JobDrive read{.id = drive.value("id"_L1).toString(),
                            .state = stateFrom(drive),
                            .done = drive.value("done"_L1).toInteger()};
        if (drive.contains("error"_L1))
            read.error = errorFrom(drive.value("error"_L1).toObject());
        details.drives.append(read);
    }
    for (const QJsonValue &value : object.value("segments"_L1).toArray()) {
        const QJsonObject segment = value.toObject();
        details.segments.append({.begin = segment.value("begin"_L1).toInteger(),
                                 .end = segment.value("end"_L1).toInteger(),
                                 .done = segment.value("done"_L1).toInteger()});
    }
    return details;
}

} // namespace

core::Result<JobSnapshot> jobFromObject(const QJsonObject &object)
{
    bool isNumber = false;
    const qint64 id = object.value("id"_L1).toString().toLongLong(&isNumber);
    if (!isNumber)
        return core::fail(core::ErrorCode::InvalidArgument, u"job object without a number as id"_s);
    const auto kind = core::jobKindFromName(object.value("kind"_L1).toString());
    if (!kind)
        return core::fail(core::ErrorCode::InvalidArgument, u"job object of unknown kind"_s);
    if (!core::jobStateFromName(object.value("state"_L1).toString()))
        return core::fail(core::ErrorCode::InvalidArgument, u"job object in unknown state"_s);
    JobSnapshot job{.id = core::JobId{id},
                    .kind = *kind,
                    .owner = object.value("owner"_L1).toString(),
                    .state = stateFrom(object),
                    .progress = progressFrom(object),
                    .details = detailsFrom(object),
                    .source =
                        object.value("source"_L1).toString(object["externalId"_L1].toString()),
                    .workflow = object.value("workflow"_L1).toString(),
                    .position = object.value("position"_L1).toInteger(),
                    .speedLimit = object.value("speedLimit"_L1).toInteger(),
                    .startAt = object.value("startAt"_L1).toInteger(),
                    .stopAt = object.value("stopAt"_L1).toInteger(),
                    .attempt = int(object.value("attempt"_L1).toInteger(1)),
                    .createdAt = object.value("createdAt"_L1).toInteger(),
                    .startedAt = object.value("startedAt"_L1).toInteger(),
                    .finishedAt = object.value("finishedAt"_L1).toInteger(),
                    .rev = object.value("rev"_L1).toInteger(1)};
    if (object.contains("error"_L1))
        job.error = errorFrom(object.value("error"_L1).toObject());
    return job;
}

} // namespace server
