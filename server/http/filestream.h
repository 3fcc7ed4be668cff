#pragma once
#include "server/http/fileblocks.h"
#include "server/http/rangerequest.h"

#include <QIODevice>

namespace server {

/// A file on its way to a client: read in blocks, and only as far ahead as the socket drains, so a slow
/// reader costs the mark and not the file.
///
/// Threads: the hub thread, which never waits for the disk.
class FileStream
{
public:
    static constexpr qint64 BlockBytes = 256 * 1024;
    /// No block is read while this much is unsent.
    static constexpr qint64 MarkBytes = 1024 * 1024;
    /// Both are so many times less with TLS: QSslSocket keeps up to four copies on the way, and
    /// encrypting is faster while they fit the processor's cache.
    static constexpr qint64 TlsDivisor = 4;

    explicit FileStream(std::shared_ptr<const core::OpenFile> file);

    [[nodiscard]] const FileFacts &facts() const { return m_facts; }
    /// What pump() sends: `[begin, end)` in bytes.
    void select(qint64 begin, qint64 end);

    enum class Pumped { More, Done, Failed };
    /// Writes blocks to `socket` until the mark is unsent (`unsent` are at the call), or the next has
    /// to be waited for, or all is written. Failed: the file is shorter than it was, or cannot be read.
    [[nodiscard]] Pumped pump(QIODevice &socket, qint64 unsent);
    /// Its ready() is the time for the next pump(), as the socket's draining is.
    [[nodiscard]] const FileBlocks &blocks() const { return *m_blocks; }

private:
    std::unique_ptr<FileBlocks> m_blocks;
    FileFacts m_facts;
    qint64 m_next = 0;
    qint64 m_end = 0;
};

} // namespace server
