#pragma once
#include "core/flash/hashthread.h"
#include "core/flash/imagesink.h"

namespace core {

/// The drive byte by byte; zeros take no room on a file system that has holes.
class SparseSink final : public ImageSink
{
public:
    explicit SparseSink(ImageTarget &target)
        : m_target(target)
    { }

    /// How much of the drive is zeros, only reading tells: there must be room for all of it.
    [[nodiscard]] Result<void> begin(qint64 bytes) override;
    [[nodiscard]] Result<void> write(const DrivePiece &piece) override;
    [[nodiscard]] Result<QByteArray> finish() override;

private:
    ImageTarget &m_target;
    HashThread m_hash;
};

} // namespace core
