#pragma once
#include "core/flash/flashspec.h"
#include "core/flash/flashwriter.h"

namespace core {

/// Writes the image of a spec to the drives of a spec, or to the partition of each that it names; what is
/// promised for a drive (DriveFlash) then holds for the partition, and nothing else is written. With a
/// bmap (chooseBmap) only what it maps is written.
/// Stopping leaves the drives blank, and going on begins anew.
/// Fails with `Unsupported` for specs with a URL, else as openImage, chooseBmap, openPartition and
/// FlashWriter.
class FlashWorker final : public JobWorker
{
public:
    /// `openDrive` is called on the job's thread, one drive after the other, when the image has been
    /// opened.
    FlashWorker(FlashSpec spec, OpenDrive openDrive);

    [[nodiscard]] Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override;

private:
    [[nodiscard]] Result<void> checkSupported() const;

    const FlashSpec m_spec;
    const OpenDrive m_openDrive;
};

} // namespace core
