#include "core/store/historyrow.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// Columns of `history`, in the order of historyColumns().
enum Column {
    Id,
    FinishedAt,
    Job,
    Kind,
    Owner,
    Title,
    Source,
    Target,
    Bytes,
    Sha256,
    Verdict,
    ErrorCodeName,
    ErrorContext,
    Drive,
    Serial,
    WrittenBytes,
    WriteBytesPerSecond,
    VerifyBytesPerSecond,
    Rewrites,
};

HistoryDrive driveOf(const QSqlQuery &row)
{
    return {.id = row.value(Drive).toString(),
            .serial = row.value(Serial).toString(),
            .writtenBytes = row.value(WrittenBytes).toLongLong(),
            .writeBytesPerSecond = row.value(WriteBytesPerSecond).toLongLong(),
            .verifyBytesPerSecond = row.value(VerifyBytesPerSecond).toLongLong(),
            .rewrites = row.value(Rewrites).toInt()};
}

tl::unexpected<Error> notUnderstood(const QSqlQuery &row)
{
    return fail(ErrorCode::StoreFailed,
                u"history entry %1 is not understood"_s.arg(row.value(Id).toLongLong()));
}

} // namespace

const QString &historyColumns()
{
    static const QString columns =
        u"id, finishedAt, job, kind, owner, title, source, target, bytes, sha256, verdict, "
        "errorCode, errorContext, drive, serial, writtenBytes, writeBytesPerSecond, "
        "verifyBytesPerSecond, rewrites"_s;
    return columns;
}

const QString &addHistorySql()
{
    static const QString sql =
        u"INSERT OR IGNORE INTO history (%1) VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?)"_s.arg(historyColumns());
    return sql;
}

QVariantList historyValues(const HistoryEntry &entry)
{
    const HistoryDrive drive = entry.drive.value_or(HistoryDrive());
    return {entry.finishedAt,
            entry.job.value,
            QString(jobKindName(entry.kind)),
            entry.owner,
            entry.title,
            entry.source,
            entry.target,
            entry.bytes,
            entry.sha256,
            QString(historyVerdictName(entry.verdict)),
            entry.error ? QVariant(QString(errorCodeName(entry.error->code))) : QVariant(),
            entry.error ? QVariant(entry.error->context) : QVariant(),
            drive.id, // empty: no drive
            drive.serial,
            drive.writtenBytes,
            drive.writeBytesPerSecond,
            drive.verifyBytesPerSecond,
            drive.rewrites};
}

Result<HistoryEntry> historyOf(const QSqlQuery &row)
{
    const auto kind = jobKindFromName(row.value(Kind).toString());
    const auto verdict = historyVerdictFromName(row.value(Verdict).toString());
    if (!kind || !verdict)
        return notUnderstood(row);
    HistoryEntry entry{.id = row.value(Id).toLongLong(),
                       .finishedAt = row.value(FinishedAt).toLongLong(),
                       .job = JobId{row.value(Job).toLongLong()},
                       .kind = *kind,
                       .owner = row.value(Owner).toString(),
                       .title = row.value(Title).toString(),
                       .source = row.value(Source).toString(),
                       .target = row.value(Target).toString(),
                       .bytes = row.value(Bytes).toLongLong(),
                       .sha256 = row.value(Sha256).toString(),
                       .verdict = *verdict};
    if (!row.value(ErrorCodeName).isNull()) {
        const auto code = errorCodeFromName(row.value(ErrorCodeName).toString());
        if (!code)
            return notUnderstood(row);
        entry.error = Error{*code, row.value(ErrorContext).toString()};
    }
    if (!row.value(Drive).toString().isEmpty())
        entry.drive = driveOf(row);
    return entry;
}

} // namespace core
