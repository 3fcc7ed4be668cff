#include "server/http/filestream.h"

#include <QSslSocket>

#include <algorithm>

namespace server {

namespace {

/// Size and time of the last change in nanoseconds: both change with every write we can see.
FileFacts factsOf(const core::OpenFile &file)
{
    return {.size = file.size,
            .modifiedAt = std::chrono::floor<std::chrono::seconds>(file.modifiedAt).count(),
            .etag = '"' + QByteArray::number(file.inode, 36) + '-'
                + QByteArray::number(file.size, 36) + '-'
                + QByteArray::number(qint64(file.modifiedAt.count()), 36) + '"'};
}

} // namespace

FileStream::FileStream(std::shared_ptr<const core::OpenFile> file)
    : m_facts(factsOf(*file))
{
    m_blocks = std::make_unique<FileBlocks>(std::move(file));
}

void FileStream::select(qint64 begin, qint64 end)
{
    m_next = begin;
    m_end = end;
}

FileStream::Pumped FileStream::pump(QIODevice &socket, qint64 unsent)
{
    const qint64 divisor = qobject_cast<QSslSocket *>(&socket) ? TlsDivisor : 1;
    while (m_next < m_end && unsent < MarkBytes / divisor) {
        const auto block = m_blocks->at(m_next, std::min(BlockBytes / divisor, m_end - m_next));
        if (!block)
            return Pumped::More;
        if (!*block || socket.write(**block) != (*block)->size())
            return Pumped::Failed;
        m_next += (*block)->size();
        unsent += (*block)->size();
    }
    return m_next < m_end ? Pumped::More : Pumped::Done;
}

} // namespace server
