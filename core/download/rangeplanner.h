#pragma once
#include "core/base/byteranges.h"

#include <QMap>

#include <limits>
#include <optional>

namespace core {

/// Who fetches which bytes of one file. Pure; the owner calls it on one thread.
///
/// Every byte is done, leased or free, and only one of them:
/// done ∪ leased ∪ free = [0, size), pairwise disjoint. The file is complete exactly when
/// done = [0, size). Leases are handed out in file order, so that the done bytes stay close to one
/// growing prefix that can be hashed while the rest is fetched.
class RangePlanner
{
public:
    using LeaseId = int;
    static constexpr qint64 UnknownSize = std::numeric_limits<qint64>::max();

    /// The bytes [position, end) that the holder of a lease has still to fetch.
    struct Lease {
        LeaseId id = 0;
        qint64 position = 0;
        qint64 end = 0;
        [[nodiscard]] qint64 remaining() const { return end - position; }
        friend bool operator==(const Lease &, const Lease &) = default;
    };

    explicit RangePlanner(qint64 size = UnknownSize, const ByteRanges &done = {});

    /// The first free bytes, at most `maxBytes`; nullopt when none is free.
    [[nodiscard]] std::optional<Lease> lease(qint64 maxBytes);
    /// The first free bytes of `wanted`, at most `maxBytes`; nullopt when none of them is free.
    [[nodiscard]] std::optional<Lease> leaseWithin(ByteRange wanted, qint64 maxBytes);
    /// Whether any byte of `range` is free.
    [[nodiscard]] bool hasFree(ByteRange range) const;
    /// Ends the lease at `at`, a byte behind its position and before its end; what it had from there
    /// on is another lease.
    [[nodiscard]] std::optional<Lease> split(LeaseId id, qint64 at);
    /// Moves the end of a lease over the free bytes that follow it, by at most `maxBytes`.
    /// Answers by how many bytes it grew.
    qint64 extend(LeaseId id, qint64 maxBytes);
    /// Lets the lease keep at most its next `bytes`; the rest is free.
    void shrink(LeaseId id, qint64 bytes);
    /// As shrink(), every lease.
    void shrinkAll(qint64 bytes);
    /// The next `bytes` of the lease are written; at most remaining(). A lease that is used up ends.
    void complete(LeaseId id, qint64 bytes);
    /// Ends a lease; what it did not fetch is free.
    void release(LeaseId id);
    /// The stream of unknown length ended after `size` bytes, which are all done.
    void settleSize(qint64 size);

    [[nodiscard]] qint64 size() const { return m_size; }
    /// Bytes that are not done, 0 while the size is unknown.
    [[nodiscard]] qint64 missing() const { return isSizeKnown() ? m_size - m_done.bytes() : 0; }
    [[nodiscard]] bool isSizeKnown() const { return m_size != UnknownSize; }
    [[nodiscard]] const ByteRanges &done() const { return m_done; }
    [[nodiscard]] const ByteRanges &free() const { return m_free; }
    [[nodiscard]] const QMap<LeaseId, Lease> &leases() const { return m_leases; }
    [[nodiscard]] std::optional<Lease> find(LeaseId id) const;
    [[nodiscard]] bool isComplete() const;

private:
    [[nodiscard]] Lease addLease(ByteRange range);

    qint64 m_size;
    ByteRanges m_done;
    ByteRanges m_free;
    QMap<LeaseId, Lease> m_leases;
    LeaseId m_nextId = 1;
};

} // namespace core
