#include "core/flash/readworker.h"

#include "core/flash/bmapbuilder.h"
#include "core/flash/sparsesink.h"
#include "core/flash/zstdsink.h"

namespace core {

using namespace Qt::StringLiterals;

ReadWorker::ReadWorker(ReadSpec spec, OpenDrive openDrive)
    : m_spec(std::move(spec))
    , m_openDrive(std::move(openDrive))
{ }

Result<Outcome> ReadWorker::run(std::stop_token stop, ProgressCell &progress)
{
    if (progress.read().done > 0)
        progress.beginAgain();
    FlashProgress shown(progress, {m_spec.drive});
    const auto outcome = read(stop, shown);
    shown.finish(0, outcome);
    return outcome;
}

Result<Outcome> ReadWorker::read(const std::stop_token &stop, FlashProgress &progress) const
{
    progress.enter(0, Stage::Transferring);
    auto target = ImageTarget::create(m_spec.to);
    if (!target)
        return fail(target.error());
    const auto device = m_openDrive(m_spec.drive, stop);
    if (!device)
        return fail(device.error());
    const auto made = readAll(**device, *target, stop, progress);
    if (!made)
        return fail(made.error());
    if (!*made || stop.stop_requested())
        return Outcome::Stopped;
    return keep(*target, **made, progress).map([] { return Outcome::Completed; });
}

Result<std::unique_ptr<ImageSink>> ReadWorker::sinkFor(ImageTarget &target) const
{
    if (m_spec.to.endsWith(PackedEnding))
        return ZstdSink::make(target);
    return std::make_unique<SparseSink>(target);
}

Result<std::optional<ReadWorker::Made>> ReadWorker::readAll(BlockDevice &device,
                                                            ImageTarget &target,
                                                            const std::stop_token &stop,
                                                            FlashProgress &progress) const
{
    const auto sink = sinkFor(target);
    if (!sink)
        return fail(sink.error());
    progress.setTotal(device.size());
    if (const auto begun = (*sink)->begin(device.size()); !begun)
        return fail(begun.error());
    BmapBuilder bmap;
    DriveReadAhead drive(device);
    while (true) {
        const auto piece = drive.next(stop);
        if (!piece)
            return fail(piece.error());
        if (stop.stop_requested())
            return std::nullopt;
        if (!*piece)
            break;
        if (const auto written = (*sink)->write(**piece); !written)
            return fail(written.error());
        bmap.add((*piece)->buffer->first((*piece)->bytes));
        progress.advance(0, (*piece)->bytes);
    }
    const auto sha256 = (*sink)->finish();
    if (!sha256)
        return fail(sha256.error());
    return Made{bmap.finish(), *sha256, drive.gaps()};
}

Result<void> ReadWorker::keep(ImageTarget &target, const Made &made, FlashProgress &progress) const
{
    progress.enter(0, Stage::Flushing);
    if (made.gaps.isEmpty()) {
        const auto published = target.publish(made.bmap, made.sha256);
        if (published)
            progress.setMade(m_spec.to, QString::fromLatin1(made.sha256.toHex()));
        return published;
    }
    const auto aside = target.setAside();
    if (!aside)
        return fail(aside.error());
    return fail(ErrorCode::DeviceFailed,
                u"%1; what could be read is in %2, with zeros in these places"_s.arg(
                    gapsText(made.gaps), *aside));
}

void ReadWorker::discard()
{
    ImageTarget::discard(m_spec.to);
}

} // namespace core
