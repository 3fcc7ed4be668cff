#pragma once
#include "core/base/openfile.h"

#include <QObject>

#include <memory>
#include <optional>

namespace server {

/// Reads one file without ever waiting for its disk: what is in the page cache comes at once (preadv2(2)
/// with RWF_NOWAIT); for the rest a thread waits, which a disk that died may keep for ever.
///
/// Threads: lives and signals on the hub thread; only the waiting read() runs elsewhere.
class FileBlocks final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FileBlocks)
public:
    explicit FileBlocks(std::shared_ptr<const core::OpenFile> file);
    /// Does not wait for a read under way.
    ~FileBlocks() override;

    /// 1 to `size` bytes at `offset`; none when they have to be waited for: ready() follows, and the same
    /// question then gives them. Fails with `FileAccess` where the file cannot be read or ends.
    [[nodiscard]] std::optional<core::Result<QByteArray>> at(qint64 offset, qint64 size);

signals:
    void ready();

private:
    struct Shared;

    [[nodiscard]] core::Result<void> waitElsewhere(qint64 offset, qint64 size);

    const int m_flags; // of preadv2(2)
    std::shared_ptr<Shared> m_shared; // outlives us in a thread that hangs
    bool m_isWaiting = false;
};

} // namespace server
