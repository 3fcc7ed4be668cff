#pragma once
#include "server/dialects/rest/eventreader.h"

namespace server {

/// The feed as Server-Sent Events (WHATWG HTML §9.2).
///
///   retry: 1000, event: hello → (replay | event: snapshot, page by page) → event, progress, comments
///
/// `event` has `id: epoch:seq`, `progress` has none. No id is given before a snapshot is whole, so that
/// a reader cut off in it asks for another.
class EventStream final : public EventReader
{
    Q_OBJECT
public:
    static constexpr core::Milliseconds CommentAfter = std::chrono::seconds(20);
    /// The next page of a snapshot waits until no more than this is unsent.
    static constexpr qint64 PageMark = qint64(64) << 10;

    EventStream(Exchange &exchange, Surroundings surroundings, Wish wish);

    void tick() override;
    void end() override;
    void takeEvent(quint64 seq, const Frame &frame) override;
    void takeProgress(const Frame &frame) override;

private:
    void begin(const Position &position) override;
    void beginWithSnapshot() override;
    void sendHello(const QByteArray &idLine, quint64 seq, const QByteArray &recovered);
    void sendPages();
    void write(const QByteArray &bytes);
    [[nodiscard]] QByteArray idLine(quint64 seq) const;

    core::Milliseconds m_sentAt{0};
    core::Milliseconds m_drainedAt{0};
    std::optional<core::JobId> m_nextPage;
};

} // namespace server
