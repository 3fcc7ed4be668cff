#pragma once
#include "core/base/result.h"
#include "server/feed/messagecodec.h"

namespace server {

/// The gateway's words (PROTOCOL.md §3.2).
class GatewayCodec final : public MessageCodec
{
public:
    /// Who comes back within this time learns how a download ended meanwhile.
    static constexpr core::Milliseconds EndsAreTold = std::chrono::minutes(15);

    [[nodiscard]] bool covers(const core::JobSnapshot &job) const override;
    [[nodiscard]] bool greetsWith(const core::JobSnapshot &job,
                                  core::Milliseconds wallTime) const override;
    [[nodiscard]] QByteArrayList introduce(const core::JobSnapshot &job) const override;
    [[nodiscard]] QByteArrayList step(const core::JobSnapshot &before,
                                      const core::JobSnapshot &after) const override;
    [[nodiscard]] QByteArrayList numbers(const core::JobSnapshot &job) const override;
    [[nodiscard]] QByteArrayList removed(core::JobId id) const override;

    /// `{"type":"error","message":…}`.
    [[nodiscard]] static QByteArray errorText(const core::Error &error);
};

/// What a client asks for.
struct GatewayCommand {
    enum class Action { Pause, Resume, Cancel, Retry, Add };
    Action action;
    core::JobId job; // of all but Add
    QString url; // of Add
    friend bool operator==(const GatewayCommand &, const GatewayCommand &) = default;
};

/// Fails with `InvalidArgument` naming what is wrong. Other members are ignored.
[[nodiscard]] core::Result<GatewayCommand> gatewayCommandFrom(const QByteArray &utf8);

} // namespace server
