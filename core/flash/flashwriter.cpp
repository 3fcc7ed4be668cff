#include "core/flash/flashwriter.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

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
    if (const auto size = (*image)->size())
        progress.setTotal(*size * (m_options.verify == Verify::Yes ? 2 : 1));
    std::vector<Drive> drives(size_t(ids.size()));
    for (size_t i = 0; i < drives.size() && !stop.stop_requested(); ++i)
        drives[i].device = openDrive(ids[qsizetype(i)], stop);

    ImageFeed feed(std::move(*image), m_open, m_options.sha256, m_options.feed);
    flashAll(drives, feed, progress, stop);
    if (m_options.endReading)
        m_options.endReading();
    progress.setSha256(QString::fromLatin1(feed.imageSha256().toHex()));
    progress.setMessage(remarks(drives));
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

QString FlashWriter::remarks(const std::vector<Drive> &drives) const
{
    if (m_options.verify == Verify::No)
        return u"not verified"_s;
    qint64 mended = 0;
    for (const Drive &drive : drives)
        mended += std::ranges::count(drive.bad, true, &BadExtent::isRepaired);
    return mended == 0 ? QString() : u"%1 MiB did not read back at once"_s.arg(mended);
}

} // namespace core
