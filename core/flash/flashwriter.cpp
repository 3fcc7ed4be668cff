#include "core/flash/flashwriter.h"

#include "core/base/logging.h"
#include "core/flash/bmap.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

std::optional<qint64> bytesToWrite(const ImageSource &image)
{
    return image.bmap() ? image.bmap()->writtenBytes() : image.size();
}

} // namespace

FlashWriter::FlashWriter(OpenImage open, Options options)
    : m_open(std::move(open))
    , m_options(std::move(options))
{ }

Result<Outcome> FlashWriter::run(const QStringList &ids,
                                 const OpenDrive &openDrive,
                                 const std::stop_token &stop,
                                 ProgressCell &cell)
{
    if (ids.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"no drive is named"_s);
    FlashProgress progress(cell, ids);
    auto image = m_open(DecodeLimits());
    if (!image) {
        const Result<Outcome> outcome =
            stop.stop_requested() ? Result<Outcome>(Outcome::Stopped) : fail(image.error());
        for (size_t i = 0; i < size_t(ids.size()); ++i)
            progress.finish(i, outcome);
        return outcome;
    }
    if (const auto bytes = bytesToWrite(**image))
        progress.setTotal(*bytes * (m_options.verify == Verify::Yes ? 2 : 1));
    std::vector<Drive> drives(size_t(ids.size()));
    for (size_t i = 0; i < drives.size() && !stop.stop_requested(); ++i) {
        drives[i].device = openDrive(ids[qsizetype(i)], stop);
        if (!drives[i].device && stop.stop_requested())
            drives[i].device = nullptr;
    }

    ImageFeed feed(std::move(*image), m_open, m_options.sha256, m_options.feed);
    flashAll(drives, {ids, feed, progress, stop});
    if (m_options.endReading)
        m_options.endReading();
    progress.setSha256(QString::fromLatin1(feed.imageSha256().toHex()));
    progress.setMessage(remarks(drives, {ids, feed, progress, stop}));
    return conclude(drives);
}

void FlashWriter::flashAll(std::vector<Drive> &drives, const Run &run) const
{
    run.feed.start(drives.size());
    std::vector<std::jthread> threads;
    for (size_t number = 0; number < drives.size(); ++number)
        threads.emplace_back([&, number] { flashOne(drives[number], number, run); });
} // joined

void FlashWriter::flashOne(Drive &drive, size_t number, const Run &run) const
{
    const QString &id = run.ids[qsizetype(number)];
    if (!drive.device)
        drive.outcome = fail(drive.device.error());
    if (!drive.device || !*drive.device) { // null: stopped before it was opened
        run.feed.leave(number);
    } else {
        DriveFlash::Part part{**drive.device, number, m_options.limit};
        if (m_options.touch)
            part.touch = [this, &id](const std::stop_token &stop) {
                return m_options.touch(id, stop);
            };
        DriveFlash flash(std::move(part), run.feed, run.progress, m_open, m_options.verify);
        drive.outcome = flash.run(run.stop);
        drive.bad = flash.bad();
        drive.figures = flash.figures();
        if (m_options.after.leave && drive.outcome != Outcome::Completed)
            m_options.after.leave(id);
        drive.device->reset(); // others are still written: it can be taken out
        release(drive, id, run.stop);
    }
    record(drive, id, run.feed);
    run.progress.finish(number, drive.outcome);
}

void FlashWriter::release(Drive &drive, const QString &id, const std::stop_token &stop) const
{
    const bool isGone = !drive.outcome && drive.outcome.error().code == ErrorCode::DeviceGone;
    if (!m_options.after.release || isGone)
        return;
    drive.release = m_options.after.release(id, stop);
    // We had it alone: what is mounted from it was found in the partitions that are there.
    if (!drive.release && drive.release.error().code == ErrorCode::DeviceBusy)
        drive.release = {};
    if (!drive.release)
        qCWarning(lcFlash, "the partitions of %s were not read again: %s", qPrintable(id),
                  qPrintable(drive.release.error().context));
}

void FlashWriter::record(const Drive &drive, const QString &id, const ImageFeed &feed) const
{
    if (m_options.after.record)
        m_options.after.record({.drive = id,
                                .outcome = drive.outcome,
                                .verify = m_options.verify,
                                .figures = drive.figures,
                                .sha256 = QString::fromLatin1(feed.imageSha256().toHex())});
}

Result<Outcome> FlashWriter::conclude(const std::vector<Drive> &drives) const
{
    const auto failed = [](const Drive &drive) { return !drive.outcome; };
    const auto first = std::ranges::find_if(drives, failed);
    if (first == drives.end()) {
        const bool isStopped = std::ranges::any_of(
            drives, [](const Drive &drive) { return *drive.outcome == Outcome::Stopped; });
        return isStopped ? Outcome::Stopped : Outcome::Completed;
    }
    const Error &error = first->outcome.error();
    if (drives.size() == 1)
        return fail(error);
    return fail(error.code,
                u"%1 of %2 drives failed, the first: %3"_s.arg(
                    QString::number(std::ranges::count_if(drives, failed)),
                    QString::number(drives.size()), error.context));
}

QString FlashWriter::remarks(const std::vector<Drive> &drives, const Run &run) const
{
    QStringList remarks = m_options.remarks;
    const auto isComplete = [](const Drive &drive) { return drive.outcome == Outcome::Completed; };
    if (const Bmap *bmap = run.feed.image().bmap())
        remarks.append(u"%1 MiB that %2 leaves out were left as they were"_s.arg(
            QString::number((bmap->imageBytes - bmap->writtenBytes()) / ExtentBytes), bmap->path));
    if (m_options.verify == Verify::No)
        remarks.append(u"not verified"_s);
    else if (std::ranges::all_of(drives, isComplete))
        remarks.append(u"verified"_s);
    qint64 mended = 0;
    for (const Drive &drive : drives)
        mended += std::ranges::count(drive.bad, true, &BadExtent::isRepaired);
    if (mended > 0)
        remarks.append(u"%1 MiB did not read back at once"_s.arg(mended));
    for (size_t i = 0; i < drives.size(); ++i)
        if (isComplete(drives[i]) && !drives[i].release)
            remarks.append(u"unplug %1 and plug it in again to see what is on it"_s.arg(
                run.ids[qsizetype(i)]));
    return remarks.join(u"; "_s);
}

} // namespace core
