#include "core/download/fileassembly.h"

#include <fcntl.h>

#include <algorithm>

namespace core {
namespace {

constexpr std::chrono::milliseconds ShowInterval{100};

} // namespace

FileAssembly::FileAssembly(const PartFile &part,
                           QString journalPath,
                           JournalRecord record,
                           ProgressCell &progress,
                           std::optional<DigestAlgorithm> also)
    : m_part(part)
    , m_progress(progress)
    , m_record(std::move(record))
    , m_planner(m_record.identity.size < 0 ? RangePlanner::UnknownSize : m_record.identity.size,
                m_record.done)
    , m_checkpointer(part, std::move(journalPath))
    , m_hasher(part, also)
{
    m_progress.setTotal(m_record.identity.size);
    m_progress.setDone(m_planner.done().bytes());
    m_hasher.advance(m_planner.done().prefixEnd());
}

Result<void> FileAssembly::feed(std::shared_ptr<GrowingFile> reader)
{
    auto fd = openFile(m_part.path(), O_RDONLY | O_NOFOLLOW);
    if (!fd)
        return fail(fd.error());
    m_reader = std::move(reader);
    m_reader->begin(std::move(*fd), m_part.path(), m_record.identity.size, m_planner.done());
    return {};
}

void FileAssembly::tellReader()
{
    if (m_reader)
        m_reader->restart(m_record.identity.size, m_planner.done());
}

Result<void> FileAssembly::write(RangePlanner::LeaseId id, std::span<const char> bytes)
{
    const auto lease = m_planner.find(id);
    Q_ASSERT(lease && qint64(bytes.size()) <= lease->remaining());
    if (const auto written = m_part.write(lease->position, bytes); !written)
        return written;
    m_planner.complete(id, qint64(bytes.size()));
    if (m_reader)
        m_reader->add({lease->position, lease->position + qint64(bytes.size())});
    m_progress.setDone(m_planner.done().bytes());
    m_hasher.advance(m_planner.done().prefixEnd());
    m_bytesSinceSubmit += qint64(bytes.size());
    if (m_bytesSinceSubmit < Checkpointer::MaxBytes)
        return {};
    const auto kept = checkpointIfDue();
    m_checkpointer.waitUntilTaken();
    return kept;
}

Result<bool> FileAssembly::holds(qint64 position, std::span<const char> bytes) const
{
    std::vector<char> here(bytes.size());
    const auto count = m_part.read(position, here);
    if (!count)
        return fail(count.error());
    return *count == qint64(bytes.size()) && std::ranges::equal(here, bytes);
}

Result<void> FileAssembly::startOver(const RemoteIdentity &identity)
{
    m_hasher.restart();
    m_record.identity = identity;
    m_record.standing = JournalRecord::Standing::Good;
    m_planner = RangePlanner(identity.size < 0 ? RangePlanner::UnknownSize : identity.size);
    tellReader();
    if (m_progress.read().done > 0)
        m_progress.beginAgain();
    m_progress.setTotal(identity.size);
    // The journal forgets the bytes before the file does.
    if (const auto flushed = flush(); !flushed)
        return flushed;
    if (const auto cut = m_part.truncate(0); !cut)
        return cut;
    return identity.size < 0 ? Result<void>() : m_part.reserve(identity.size);
}

Result<void> FileAssembly::forget(const ByteRanges &damaged)
{
    ByteRanges done = m_planner.done();
    for (const ByteRange range : damaged.list())
        done.remove(range);
    m_planner = RangePlanner(m_record.identity.size, done);
    tellReader();
    m_progress.beginAgain();
    m_progress.setDone(done.bytes());
    m_hasher.restart();
    m_hasher.advance(done.prefixEnd());
    return flush();
}

Result<void> FileAssembly::mark(JournalRecord::Standing standing)
{
    m_record.standing = standing;
    return flush();
}

void FileAssembly::settleSize(const QString &praise)
{
    const qint64 size = m_planner.done().prefixEnd();
    m_planner.settleSize(size);
    m_record.identity.size = size;
    if (m_reader)
        m_reader->settle(size);
    m_progress.setTotal(size);
    if (!praise.isEmpty())
        m_progress.edit([&praise](JobDetails &details) { details.message = praise; });
}

Result<void> FileAssembly::checkpointIfDue()
{
    if (const auto error = m_checkpointer.error())
        return fail(*error);
    const bool isOld = std::chrono::steady_clock::now() - m_submittedAt >= Checkpointer::MaxAge;
    if (m_bytesSinceSubmit >= Checkpointer::MaxBytes || (isOld && m_bytesSinceSubmit > 0))
        submit();
    return {};
}

Result<void> FileAssembly::flush()
{
    noteSubmit();
    if (m_flushed == m_record)
        return {};
    const auto flushed = m_checkpointer.flush(m_record);
    m_flushed = flushed ? std::optional(m_record) : std::nullopt;
    return flushed;
}

void FileAssembly::submit()
{
    noteSubmit();
    m_flushed.reset(); // the journal will say something else
    m_checkpointer.submit(m_record);
}

void FileAssembly::noteSubmit()
{
    m_bytesSinceSubmit = 0;
    m_submittedAt = std::chrono::steady_clock::now();
    m_record.done = m_planner.done();
}

void FileAssembly::showSegmentsIfDue()
{
    if (std::chrono::steady_clock::now() - m_shownAt >= ShowInterval)
        showSegments();
}

void FileAssembly::showSegments()
{
    m_shownAt = std::chrono::steady_clock::now();
    QList<JobSegment> segments;
    ByteRanges rest = m_planner.done();
    for (const RangePlanner::Lease &lease : m_planner.leases()) {
        const auto before = std::ranges::find_if(
            rest.list(), [&lease](ByteRange range) { return range.end == lease.position; });
        const qint64 begin = before == rest.list().end() ? lease.position : before->begin;
        rest.remove({begin, lease.position});
        if (m_planner.isSizeKnown())
            segments.append({begin, lease.end, lease.position - begin});
    }
    for (const ByteRange range : rest.list())
        segments.append({range.begin, range.end, range.size()});
    std::ranges::sort(segments, {}, &JobSegment::begin);
    m_progress.edit([&segments](JobDetails &details) { details.segments = std::move(segments); });
}

} // namespace core
