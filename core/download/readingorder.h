#pragma once
#include "core/download/fileassembly.h"

namespace core {

/// Which bytes are fetched next while somebody reads the file as it grows:
///
///   what the reader waits for → the file's end, where packed files have their index → in order, in
///   pieces so small that what comes first is there first
///
/// Without a reader it says nothing.
/// Threads: used on the job's thread.
class ReadingOrder
{
public:
    /// Must outlive this.
    explicit ReadingOrder(FileAssembly &assembly)
        : m_assembly(assembly)
    { }

    /// Bytes that come before those that are first in the file; nullopt when there are none.
    [[nodiscard]] std::optional<RangePlanner::Lease> takeUrgent();
    /// Whether there are such bytes, and nobody fetches them.
    [[nodiscard]] bool isUrgent() const;
    /// Most bytes of a lease, of the `usual` share.
    [[nodiscard]] qint64 leaseBytes(qint64 usual) const;
    /// By how much a request may go on past its lease, of the `usual`.
    [[nodiscard]] qint64 extension(qint64 usual) const { return isUrgent() ? 0 : usual; }
    /// Lets the request that is furthest ahead end soon, when something is urgent.
    void makeWay();

private:
    [[nodiscard]] QList<ByteRange> urgent() const;

    FileAssembly &m_assembly;
};

} // namespace core
