#pragma once
#include "core/drives/drivelist.h"
#include "core/jobs/jobtypes.h"

namespace server {

/// What a progress row carries: the numbers, or with them steps, drives and segments.
enum class Columns { Numbers, WithDetails };

/// How the feed's events and numbers are written. Every result is a JSON text without line breaks;
/// each is made once for all readers. Pure.
class FeedCodec
{
public:
    virtual ~FeedCodec() = default;
    [[nodiscard]] virtual QByteArray object(const core::JobSnapshot &job) const = 0;
    /// What makes `before` into `after`; nullopt when nothing moved but what progress rows carry.
    [[nodiscard]] virtual std::optional<QByteArray> patch(const core::JobSnapshot &before,
                                                          const core::JobSnapshot &after) const = 0;
    [[nodiscard]] virtual QByteArray row(const core::JobSnapshot &job, Columns columns) const = 0;
    [[nodiscard]] virtual QByteArray object(const core::JudgedDrive &drive) const = 0;
    /// nullopt when nothing moved that the object shows.
    [[nodiscard]] virtual std::optional<QByteArray> patch(const core::JudgedDrive &before,
                                                          const core::JudgedDrive &after) const = 0;
    /// The id of a drive, as a JSON string.
    [[nodiscard]] virtual QByteArray driveId(const QString &id) const = 0;
    [[nodiscard]] virtual QByteArray notice(QLatin1StringView level, const QString &text) const = 0;
};

} // namespace server
