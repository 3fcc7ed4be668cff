#include "server/http/filestream.h"

#include <QSslSocket>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace server {

using namespace Qt::StringLiterals;

namespace {

/// Size and time of the last change in nanoseconds: both change with every write we can see.
FileFacts factsOf(const struct stat &status)
{
    const qint64 nanoseconds =
        qint64(status.st_mtim.tv_sec) * 1'000'000'000 + qint64(status.st_mtim.tv_nsec);
    return {.size = qint64(status.st_size),
            .modifiedAt = qint64(status.st_mtim.tv_sec),
            .etag = '"' + QByteArray::number(qint64(status.st_ino), 36) + '-'
                + QByteArray::number(qint64(status.st_size), 36) + '-'
                + QByteArray::number(nanoseconds, 36) + '"'};
}

} // namespace

core::Result<FileStream> FileStream::open(const QString &path)
{
    // Not blocking: a FIFO of that name must not stop the hub.
    auto file = core::openFile(path, O_RDONLY | O_NONBLOCK);
    if (!file)
        return core::fail(core::ErrorCode::NotFound, file.error().context);
    struct stat status = {};
    if (::fstat(file->get(), &status) != 0)
        return core::fail(core::fileError(errno, path));
    if (!S_ISREG(status.st_mode))
        return core::fail(core::ErrorCode::NotFound, path);
    FileStream stream;
    stream.m_blocks = std::make_unique<FileBlocks>(*std::move(file));
    stream.m_facts = factsOf(status);
    return stream;
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
