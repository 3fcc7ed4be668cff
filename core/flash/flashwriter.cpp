#include "core/flash/flashwriter.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

FlashWriter::FlashWriter(OpenImage open, Options options)
    : m_open(std::move(open))
    , m_options(std::move(options))
{ }

Result<Outcome>
FlashWriter::run(std::vector<FlashDrive> drives, const std::stop_token &stop, ProgressCell &cell)
{
    auto image = m_open(DecodeLimits());
    if (!image)
        return fail(image.error());
    QStringList ids;
    for (const FlashDrive &drive : drives)
        ids.append(drive.id);
    FlashProgress progress(cell, ids);
    if (const auto size = (*image)->size())
        progress.setTotal(*size * (m_options.verify == Verify::Yes ? 2 : 1));

    ImageFeed feed(std::move(*image), m_open, m_options.sha256, m_options.feed);
    feed.start(drives.size());
    std::vector<Ended> ended(drives.size());
    {
        std::vector<std::jthread> threads;
        for (size_t i = 0; i < drives.size(); ++i)
            threads.emplace_back(
                [&, i] { ended[i] = runDrive(drives[i], i, feed, progress, stop); });
    } // joined
    progress.setSha256(QString::fromLatin1(feed.imageSha256().toHex()));
    progress.setMessage(remarks(ended));
    return conclude(ended);
}

FlashWriter::Ended FlashWriter::runDrive(FlashDrive &drive,
                                         size_t number,
                                         ImageFeed &feed,
                                         FlashProgress &progress,
                                         const std::stop_token &stop) const
{
    DriveFlash flash({*drive.device, number}, feed, progress, m_open, m_options.verify);
    Ended ended{flash.run(stop), {}};
    ended.bad = flash.bad();
    drive.device.reset(); // free for whoever looks at it next, while others are still written
    if (!ended.outcome)
        progress.finish(number, JobState::Failed, ended.outcome.error());
    else
        progress.finish(number,
                        *ended.outcome == Outcome::Completed ? JobState::Succeeded
                                                             : JobState::Canceled);
    return ended;
}

Result<Outcome> FlashWriter::conclude(const std::vector<Ended> &ended) const
{
    const auto failed = [](const Ended &drive) { return !drive.outcome; };
    const auto first = std::ranges::find_if(ended, failed);
    if (first == ended.end()) {
        const bool isStopped = std::ranges::any_of(
            ended, [](const Ended &drive) { return *drive.outcome == Outcome::Stopped; });
        return isStopped ? Outcome::Stopped : Outcome::Completed;
    }
    const Error &error = first->outcome.error();
    if (ended.size() == 1)
        return fail(error);
    return fail(error.code,
                u"%1 of %2 drives failed, the first: %3"_s.arg(
                    QString::number(std::ranges::count_if(ended, failed)),
                    QString::number(ended.size()), error.context));
}

QString FlashWriter::remarks(const std::vector<Ended> &ended) const
{
    if (m_options.verify == Verify::No)
        return u"not verified"_s;
    qint64 mended = 0;
    for (const Ended &drive : ended)
        mended += std::ranges::count(drive.bad, true, &BadExtent::isRepaired);
    return mended == 0 ? QString() : u"%1 MiB did not read back at once"_s.arg(mended);
}

} // namespace core
