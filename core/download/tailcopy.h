#pragma once
#include <QByteArray>

#include <span>

namespace core {

/// The last bytes of a lease while two requests bring them: what both brought must be the same.
/// Pure; holds at most twice the bytes of the range.
class TailCopy
{
public:
    enum class Side { First, Second };

    /// Both sides bring the bytes [begin, end) in order.
    TailCopy(qint64 begin, qint64 end)
        : m_begin(begin)
        , m_end(end)
    { }

    /// The next bytes of one side. False when they differ from what the other side brought there.
    [[nodiscard]] bool add(Side side, std::span<const char> bytes);
    /// Bytes the second side has still to bring.
    [[nodiscard]] qint64 missing() const { return m_end - m_begin - m_second.size(); }
    /// What the second side brought from `position` on.
    [[nodiscard]] std::span<const char> secondFrom(qint64 position) const;

private:
    const qint64 m_begin;
    const qint64 m_end;
    QByteArray m_first;
    QByteArray m_second;
};

} // namespace core
