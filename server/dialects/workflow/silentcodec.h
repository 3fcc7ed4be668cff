#pragma once
#include "server/feed/messagecodec.h"

namespace server {

/// Of a dialect that says nothing of jobs.
class SilentCodec final : public MessageCodec
{
public:
    [[nodiscard]] bool covers(const core::JobSnapshot &) const override { return false; }
    [[nodiscard]] QByteArrayList introduce(const core::JobSnapshot &) const override { return {}; }
    [[nodiscard]] QByteArrayList step(const core::JobSnapshot &,
                                      const core::JobSnapshot &) const override
    {
        return {};
    }
    [[nodiscard]] QByteArrayList numbers(const core::JobSnapshot &) const override { return {}; }
    [[nodiscard]] QByteArrayList removed(core::JobId) const override { return {}; }
};

} // namespace server
