#include "server/dialects/native/nativefeedcodec.h"

#include "server/dialects/json.h"
#include "server/dialects/native/drivecodec.h"
#include "server/dialects/native/nativecodec.h"

namespace server {

using namespace Qt::StringLiterals;

QByteArray NativeFeedCodec::object(const core::JobSnapshot &job) const
{
    return encode(jobObject(job));
}

std::optional<QByteArray> NativeFeedCodec::patch(const core::JobSnapshot &before,
                                                 const core::JobSnapshot &after) const
{
    const QJsonObject patch = jobPatch(before, after);
    // A reported stage is never conflated (PROTOCOL.md §0.5).
    const bool hasStage =
        after.kind == core::JobKind::External && before.progress.stage != after.progress.stage;
    return isProgressOnly(patch) && !hasStage ? std::nullopt : std::optional(encode(patch));
}

QByteArray NativeFeedCodec::row(const core::JobSnapshot &job, Columns columns) const
{
    return progressRow(job, columns);
}

QByteArray NativeFeedCodec::object(const core::JudgedDrive &drive) const
{
    return encode(driveObject(drive));
}

std::optional<QByteArray> NativeFeedCodec::patch(const core::JudgedDrive &before,
                                                 const core::JudgedDrive &after) const
{
    const QJsonObject patch = drivePatch(before, after);
    return patch.isEmpty() ? std::nullopt : std::optional(encode(patch));
}

QByteArray NativeFeedCodec::driveId(const QString &id) const
{
    return encode(id);
}

QByteArray NativeFeedCodec::notice(QLatin1StringView level, const QString &text) const
{
    return encode(QJsonObject{{u"level"_s, level}, {u"text"_s, text}});
}

} // namespace server
