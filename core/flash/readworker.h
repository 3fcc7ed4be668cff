#pragma once
#include "core/flash/flashwriter.h"
#include "core/flash/imagesink.h"
#include "core/flash/readspec.h"

namespace core {

/// Reads a drive into an image file, with a bmap ("<image>.bmap") and a checksum file
/// ("<image>.sha256") beside it.
///
///   names free?        FileExists, before the drive is touched
///   drive opened
///   room for it?       NoSpace, for an image that is not packed
///   read               DriveReadAhead → ImageSink, BmapBuilder
///   all of it read?    else DeviceFailed, saying where it could not be read: what was read is kept as
///                      "<image>.bad", zeros in the gaps, without bmap and checksum
///   published          ImageTarget
///
/// Stopping leaves nothing, and going on begins anew.
class ReadWorker final : public JobWorker
{
public:
    /// `openDrive` is called on the job's thread and need not open for writing.
    ReadWorker(ReadSpec spec, OpenDrive openDrive);

    [[nodiscard]] Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override;
    void discard() override;

private:
    struct Made {
        QByteArray bmap;
        QByteArray sha256;
        QList<Gap> gaps;
    };
    [[nodiscard]] Result<Outcome> read(const std::stop_token &stop, FlashProgress &progress) const;
    [[nodiscard]] Result<std::unique_ptr<ImageSink>> sinkFor(ImageTarget &target) const;
    /// Nullopt when it was stopped.
    [[nodiscard]] Result<std::optional<Made>> readAll(BlockDevice &device,
                                                      ImageTarget &target,
                                                      const std::stop_token &stop,
                                                      FlashProgress &progress) const;
    [[nodiscard]] Result<void>
    keep(ImageTarget &target, const Made &made, FlashProgress &progress) const;

    const ReadSpec m_spec;
    const OpenDrive m_openDrive;
};

} // namespace core
