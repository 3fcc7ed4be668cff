#pragma once
#include "core/base/result.h"
#include "server/dialects/adddownload.h"
#include "server/feed/messagecodec.h"
#include "server/http/message.h"

namespace server {

/// The web downloader's words (PROTOCOL.md §3.1).
class IdmCodec final : public MessageCodec
{
public:
    [[nodiscard]] bool covers(const core::JobSnapshot &job) const override;
    [[nodiscard]] QByteArrayList introduce(const core::JobSnapshot &job) const override;
    [[nodiscard]] QByteArrayList step(const core::JobSnapshot &before,
                                      const core::JobSnapshot &after) const override;
    [[nodiscard]] QByteArrayList numbers(const core::JobSnapshot &job) const override;
    [[nodiscard]] QByteArrayList removed(core::JobId id) const override;

    /// An error that is about no download, as one about download 0.
    [[nodiscard]] static QByteArray errorText(const core::Error &error);
    /// One entry of `GET /list`.
    [[nodiscard]] static QByteArray listEntry(const core::JobSnapshot &job);
};

/// Which part of the list is asked for.
struct IdmPage {
    static constexpr qint64 MaxSize = 1000;
    qint64 page = 1; // the first
    qint64 size = MaxSize;
    friend bool operator==(const IdmPage &, const IdmPage &) = default;
};

/// What `GET /list` asks for. Fails with `InvalidArgument` naming the member.
[[nodiscard]] core::Result<IdmPage> idmPageFrom(const QUrlQuery &query);
/// What the body of `POST /download` asks for; other members are ignored. Fails with `InvalidArgument`.
[[nodiscard]] core::Result<PlainDownload> idmDownloadFrom(const Request &request);
/// `[…]`, the newest first; `jobs` in any order.
[[nodiscard]] QByteArray idmList(QList<core::JobSnapshot> jobs, const IdmPage &page);

} // namespace server
