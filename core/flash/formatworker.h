#pragma once
#include "core/flash/flashwriter.h"
#include "core/flash/formatspec.h"

namespace core {

/// Makes an empty drive of everyday use of whatever a drive was.
///
///   can it be made?    before the drive is touched
///   drive opened       alone, as for a flash
///   both ends wiped    first and last MiB, where partition tables are; flushed
///   drive closed
///   formatted          partition table and file system
///
/// A stop or a failure after the wiping leaves the drive blank.
class FormatWorker final : public JobWorker
{
public:
    struct Steps {
        std::function<Result<void>(NewFileSystem::Kind)> checkPossible;
        OpenDrive openDrive;
        /// Fails with `InvalidState` when `stop` was requested.
        std::function<Result<void>(const NewFileSystem &, const std::stop_token &stop)> format;
    };

    /// The steps are called on the job's thread.
    FormatWorker(FormatSpec spec, Steps steps);

    [[nodiscard]] Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override;

private:
    [[nodiscard]] Result<Outcome> format(const std::stop_token &stop,
                                         FlashProgress &progress) const;
    [[nodiscard]] Result<void> wipe(const std::stop_token &stop) const;

    const FormatSpec m_spec;
    const Steps m_steps;
};

} // namespace core
