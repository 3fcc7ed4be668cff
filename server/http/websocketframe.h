#pragma once
#include <QByteArray>
#include <QList>
#include <QString>

namespace server {

/// One unmasked, final text frame as servers send it (RFC 6455 §5.2).
[[nodiscard]] QByteArray textFrame(QByteArrayView utf8);
/// A close frame; `reason` is cut to 123 bytes at a character's end (§5.5).
[[nodiscard]] QByteArray closeFrame(int code, const QString &reason);

/// Encodes a text once for a row of receivers: frames of a server are the same for all of them, so
/// a feed that sends one QByteArray to a hundred sessions costs one encoding and no copies.
/// Threads: the hub thread.
class FrameCache
{
public:
    [[nodiscard]] QByteArray frameOf(const QByteArray &utf8);
    /// The first `count` of `frames` in one block; sessions that were sent the same share it.
    [[nodiscard]] QByteArray joined(const QList<QByteArray> &frames, qsizetype count);

private:
    QByteArray m_text; // shared, so its address cannot be given to another text
    QByteArray m_frame;
    QList<QByteArray> m_parts; // shared, as m_text
    QByteArray m_block;
};

} // namespace server
