#pragma once
#include "core/flash/flashspec.h"
#include "core/flash/flashwriter.h"
#include "core/flash/growingimage.h"

namespace core {

/// Writes the image of a spec to the drives of a spec; what is promised per drive: DriveFlash. With a bmap
/// (chooseBmap) only what it maps is written. Without a SHA-256 in the spec the one beside a file counts
/// (findSha256Beside); for a URL its download looks.
/// Stopping leaves the drives blank. Going on writes the drives that the job's details do not show as
/// succeeded, and on each what is not there yet.
/// With a URL it is written while another job downloads it: what is read is waited for, and no drive
/// is complete before the download has succeeded.
/// Fails as openImage, chooseBmap, the download and FlashWriter.
class FlashWorker final : public JobWorker
{
public:
    /// `openDrive` is called on the job's thread, one drive after the other, when the image has been
    /// opened.
    /// `download` makes the file of a spec with a URL. `limit` is the job's, null: the spec's.
    FlashWorker(FlashSpec spec,
                OpenDrive openDrive,
                AfterDrive after = {},
                std::shared_ptr<GrowingFile> download = nullptr,
                std::shared_ptr<WriteLimit> limit = nullptr,
                TouchDrive touch = {});

    [[nodiscard]] Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override;

private:
    [[nodiscard]] ExpectedSha256 expectedSha256() const;
    [[nodiscard]] QStringList unwritten(ProgressCell &progress) const;
    /// `stop` ends waiting for the download.
    [[nodiscard]] OpenImage opener(std::stop_token stop, ProgressCell &progress) const;

    const FlashSpec m_spec;
    const OpenDrive m_openDrive;
    const AfterDrive m_after;
    const std::shared_ptr<GrowingFile> m_download;
    const std::shared_ptr<WriteLimit> m_limit;
    const TouchDrive m_touch;
};

} // namespace core
