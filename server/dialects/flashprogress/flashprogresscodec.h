#pragma once
#include "core/base/clock.h"
#include "core/base/result.h"
#include "server/feed/messagecodec.h"

namespace server {

/// Flashes in the words of the flash progress clients (PROTOCOL.md §3.3), once per drive. Our own flashes
/// and those that other programs report; a reported job that names no drive is none.
///
/// Every message about a flash carries the time at which it is made.
class FlashProgressCodec final : public MessageCodec
{
public:
    explicit FlashProgressCodec(const core::Clock &clock)
        : m_clock(clock)
    { }

    [[nodiscard]] bool covers(const core::JobSnapshot &job) const override;
    [[nodiscard]] QByteArrayList introduce(const core::JobSnapshot &job) const override;
    [[nodiscard]] QByteArrayList step(const core::JobSnapshot &before,
                                      const core::JobSnapshot &after) const override;
    [[nodiscard]] QByteArrayList numbers(const core::JobSnapshot &job) const override;
    [[nodiscard]] QByteArrayList removed(core::JobId) const override { return {}; }

    /// `{"type":"error","message":…}`.
    [[nodiscard]] QByteArray errorText(const core::Error &error) const;
    /// `asked` is the time in the client's ping; the time is ours when it gave none.
    [[nodiscard]] QByteArray pongText(std::optional<qint64> asked) const;

private:
    struct One; // drive of a job
    [[nodiscard]] QByteArray started(const One &one) const;
    [[nodiscard]] QByteArray progress(const One &one) const;
    /// flash_completed or flash_failed.
    [[nodiscard]] QByteArray ended(const One &one) const;
    /// A message of nothing but the names.
    [[nodiscard]] QByteArray plain(const QString &type, const One &one) const;
    [[nodiscard]] QByteArray stepOf(const One &before, const One &after) const;

    const core::Clock &m_clock;
};

} // namespace server
