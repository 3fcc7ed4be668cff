#include "core/flash/flashwriter.h"

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
    if (!image)
        return fail(image.error());
    if (const auto bytes = bytesToWrite(**image))
        progress.setTotal(*bytes * (m_options.verify == Verify::Yes ? 2 : 1));
    std::vector<Drive> drives(size_t(ids.size()));
    for (size_t i = 0; i < drives.size() && !stop.stop_requested(); ++i)
        drives[i].device = openDrive(ids[qsizetype(i)], stop);

    ImageFeed feed(std::move(*image), m_open, m_options.sha256, m_options.feed);
    flashAll(drives, feed, progress, stop);
    progress.setSha256(QString::fromLatin1(feed.imageSha256().toHex()));
    progress.setMessage(remarks(drives, feed.image()));
    return conclude(drives);
}

void FlashWriter::flashAll(std::vector<Drive> &drives,
                           ImageFeed &feed,
                           FlashProgress &progress,
                           const std::stop_token &stop) const
{
    feed.start(drives.size());
    const auto flashOne = [&](size_t number) {
        Drive &drive = drives[number];
        if (!drive.device)
            drive.outcome = fail(drive.device.error());
        if (!drive.device || !*drive.device) { // null: stopped before it was opened
            feed.leave(number);
        } else {
            DriveFlash flash({**drive.device, number}, feed, progress, m_open, m_options.verify);
            drive.outcome = flash.run(stop);
            drive.bad = flash.bad();
            drive.device->reset(); // others are still written: it can be taken out
        }
        progress.finish(number, drive.outcome);
    };
    std::vector<std::jthread> threads;
    for (size_t number = 0; number < drives.size(); ++number)
        threads.emplace_back(flashOne, number);
} // joined

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

QString FlashWriter::remarks(const std::vector<Drive> &drives, const ImageSource &image) const
{
    QStringList remarks = m_options.remarks;
    if (const Bmap *bmap = image.bmap())
        remarks.append(u"%1 MiB that %2 leaves out were left as they were"_s.arg(
            QString::number((bmap->imageBytes - bmap->writtenBytes()) / ExtentBytes), bmap->path));
    qint64 mended = 0;
    for (const Drive &drive : drives)
        mended += std::ranges::count(drive.bad, true, &BadExtent::isRepaired);
    if (m_options.verify == Verify::No)
        remarks.append(u"not verified"_s);
    else if (mended > 0)
        remarks.append(u"%1 MiB did not read back at once"_s.arg(mended));
    return remarks.join(u"; "_s);
}

} // namespace core
