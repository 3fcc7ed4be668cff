#include "server/http/websocketframe.h"

#include <QtEndian>

#include <algorithm>
#include <numeric>

namespace server {

namespace {

constexpr char FinalText = char(0x81);
constexpr char FinalClose = char(0x88);
constexpr qsizetype ReasonLimit = 123;

void appendLength(QByteArray &frame, qsizetype length)
{
    if (length < 126) {
        frame.append(char(length));
    } else if (length <= 0xffff) {
        const auto value = qToBigEndian(quint16(length));
        frame.append(char(126)).append(reinterpret_cast<const char *>(&value), sizeof value);
    } else {
        const auto value = qToBigEndian(quint64(length));
        frame.append(char(127)).append(reinterpret_cast<const char *>(&value), sizeof value);
    }
}

QByteArray frame(char opcode, QByteArrayView payload)
{
    QByteArray bytes;
    bytes.reserve(payload.size() + 10);
    bytes.append(opcode);
    appendLength(bytes, payload.size());
    return bytes.append(payload);
}

/// `text` in at most `limit` bytes of UTF-8, no character cut in two.
QByteArray cutUtf8(const QString &text, qsizetype limit)
{
    QByteArray utf8 = text.toUtf8();
    if (utf8.size() <= limit)
        return utf8;
    qsizetype end = limit;
    while (end > 0 && (static_cast<unsigned char>(utf8[end]) & 0xc0) == 0x80)
        --end;
    return utf8.first(end);
}

} // namespace

QByteArray textFrame(QByteArrayView utf8)
{
    return frame(FinalText, utf8);
}

QByteArray closeFrame(int code, const QString &reason)
{
    const auto value = qToBigEndian(quint16(code));
    QByteArray payload(reinterpret_cast<const char *>(&value), sizeof value);
    return frame(FinalClose, payload.append(cutUtf8(reason, ReasonLimit)));
}

/// Whether they are copies of each other, not just equal.
static bool areShared(const QByteArray &a, const QByteArray &b)
{
    return a.constData() == b.constData() && a.size() == b.size();
}

QByteArray FrameCache::frameOf(const QByteArray &utf8)
{
    if (!areShared(utf8, m_text) || m_frame.isEmpty()) {
        m_text = utf8;
        m_frame = textFrame(utf8);
    }
    return m_frame;
}

QByteArray FrameCache::joined(const QList<QByteArray> &frames, qsizetype count)
{
    if (count == 1)
        return frames.constFirst();
    const auto end = frames.cbegin() + count;
    if (std::equal(frames.cbegin(), end, m_parts.cbegin(), m_parts.cend(), areShared))
        return m_block;
    const auto addSize = [](qsizetype sum, const QByteArray &frame) { return sum + frame.size(); };
    QByteArray block;
    block.reserve(std::accumulate(frames.cbegin(), end, qsizetype(0), addSize));
    for (auto frame = frames.cbegin(); frame != end; ++frame)
        block.append(*frame);
    m_parts = frames.first(count);
    return m_block = block;
}

} // namespace server
