#pragma once
#include <QList>

namespace core {

/// The bytes [begin, end) of a file.
struct ByteRange {
    qint64 begin = 0;
    qint64 end = 0;
    [[nodiscard]] qint64 size() const { return end - begin; }
    [[nodiscard]] bool isEmpty() const { return end <= begin; }
    friend bool operator==(const ByteRange &, const ByteRange &) = default;
};

/// A set of bytes of a file, kept as the fewest ranges in rising order.
class ByteRanges
{
public:
    ByteRanges() = default;
    explicit ByteRanges(const QList<ByteRange> &ranges);

    void add(ByteRange range);
    void remove(ByteRange range);
    void clear() { m_ranges.clear(); }

    [[nodiscard]] const QList<ByteRange> &list() const { return m_ranges; }
    [[nodiscard]] bool isEmpty() const { return m_ranges.isEmpty(); }
    /// Whether every byte of `range` is in the set.
    [[nodiscard]] bool contains(ByteRange range) const;
    /// Number of bytes in the set.
    [[nodiscard]] qint64 bytes() const;
    /// The end of the bytes that are there without a gap from 0 on.
    [[nodiscard]] qint64 prefixEnd() const;
    /// Number of bytes that are there without a gap directly before `position`.
    [[nodiscard]] qint64 bytesBefore(qint64 position) const;
    friend bool operator==(const ByteRanges &, const ByteRanges &) = default;

private:
    QList<ByteRange> m_ranges;
};

} // namespace core
