#pragma once
#include "server/feed/feedcodec.h"

namespace server {

/// The feed in the words of `dray.v1` (nativecodec.h), which SSE and long poll speak too.
class NativeFeedCodec final : public FeedCodec
{
public:
    [[nodiscard]] QByteArray object(const core::JobSnapshot &job) const override;
    [[nodiscard]] std::optional<QByteArray> patch(const core::JobSnapshot &before,
                                                  const core::JobSnapshot &after) const override;
    [[nodiscard]] QByteArray row(const core::JobSnapshot &job, Columns columns) const override;
    [[nodiscard]] QByteArray object(const core::JudgedDrive &drive) const override;
    [[nodiscard]] std::optional<QByteArray> patch(const core::JudgedDrive &before,
                                                  const core::JudgedDrive &after) const override;
    [[nodiscard]] QByteArray driveId(const QString &id) const override;
    [[nodiscard]] QByteArray notice(QLatin1StringView level, const QString &text) const override;
};

} // namespace server
