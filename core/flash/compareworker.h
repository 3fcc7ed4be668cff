#pragma once
#include "core/flash/comparespec.h"
#include "core/flash/drivecomparer.h"
#include "core/flash/flashwriter.h"

namespace core {

/// Compares a drive with an image of any kind that openImage() takes. Writes nothing. Succeeds when the
/// drive begins with the image's bytes; the message says how much of the drive nobody looked at.
/// Fails with `VerificationFailed`, saying where they differ first and how much does; else as
/// DriveComparer. Going on after a stop begins anew.
class CompareWorker final : public JobWorker
{
public:
    /// `openDrive` is called on the job's thread, once the image has been opened, and need not open
    /// for writing.
    CompareWorker(CompareSpec spec, OpenDrive openDrive);

    [[nodiscard]] Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override;

private:
    [[nodiscard]] Result<Outcome> compare(const std::stop_token &stop,
                                          FlashProgress &progress) const;
    [[nodiscard]] Result<void> tell(const DriveComparer::Findings &findings,
                                    FlashProgress &progress) const;

    const CompareSpec m_spec;
    const OpenDrive m_openDrive;
};

} // namespace core
