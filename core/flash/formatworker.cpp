#include "core/flash/formatworker.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

FormatWorker::FormatWorker(FormatSpec spec, Steps steps)
    : m_spec(std::move(spec))
    , m_steps(std::move(steps))
{ }

Result<Outcome> FormatWorker::run(std::stop_token stop, ProgressCell &progress)
{
    FlashProgress shown(progress, {m_spec.drive});
    const auto outcome = format(stop, shown);
    shown.finish(0, outcome);
    return outcome;
}

Result<Outcome> FormatWorker::format(const std::stop_token &stop, FlashProgress &progress) const
{
    progress.enter(0, Stage::Writing);
    const auto ready =
        m_steps.checkPossible(m_spec.fileSystem.kind).and_then([&] { return wipe(stop); });
    if (!ready)
        return fail(ready.error());
    if (stop.stop_requested())
        return Outcome::Stopped;
    const auto formatted = m_steps.format(m_spec.fileSystem, stop);
    if (!formatted && formatted.error().code == ErrorCode::InvalidState && stop.stop_requested())
        return Outcome::Stopped;
    if (!formatted)
        return fail(formatted.error().code,
                    u"%1; the drive is blank"_s.arg(formatted.error().context));
    progress.setMessage(u"formatted as %1"_s.arg(newFileSystemName(m_spec.fileSystem.kind)));
    return Outcome::Completed;
}

Result<void> FormatWorker::wipe(const std::stop_token &stop) const
{
    const auto device = m_steps.openDrive(m_spec.drive, stop);
    if (!device)
        return fail(device.error());
    BlockDevice &drive = **device;
    const AlignedBuffer zeros(ExtentBytes);
    const qint64 bytes = std::min(ExtentBytes, drive.size());
    return drive.write(0, zeros.first(bytes))
        .and_then([&] { return drive.write(drive.size() - bytes, zeros.first(bytes)); })
        .and_then([&] { return drive.flush(); });
}

} // namespace core
