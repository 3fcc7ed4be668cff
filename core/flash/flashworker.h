#pragma once
#include "core/flash/flashspec.h"
#include "core/flash/flashwriter.h"

namespace core {

/// Writes the image of a spec to the drives of a spec; what is promised per drive: DriveFlash. With a bmap
/// (chooseBmap) only what it maps is written.
/// Stopping leaves the drives blank. Going on writes the drives that the job's details do not show as
/// succeeded, and on each what is not there yet.
/// Fails with `Unsupported` for specs with a URL, else as openImage, chooseBmap and
/// FlashWriter.
class FlashWorker final : public JobWorker
{
public:
    /// `openDrive` is called on the job's thread, one drive after the other, when the image has been
    /// opened.
    FlashWorker(FlashSpec spec, OpenDrive openDrive, AfterDrive after = {});

    [[nodiscard]] Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override;

private:
    [[nodiscard]] Result<void> checkSupported() const;
    [[nodiscard]] QStringList unwritten(ProgressCell &progress) const;

    const FlashSpec m_spec;
    const OpenDrive m_openDrive;
    const AfterDrive m_after;
};

} // namespace core
