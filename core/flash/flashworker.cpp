#include "core/flash/flashworker.h"

#include "core/flash/bmapchoice.h"
#include "core/flash/openimage.h"
#include "core/flash/waitnotice.h"

#include <QFileInfo>

namespace core {

using namespace Qt::StringLiterals;

FlashWorker::FlashWorker(FlashSpec spec,
                         OpenDrive openDrive,
                         AfterDrive after,
                         std::shared_ptr<GrowingFile> download,
                         std::shared_ptr<WriteLimit> limit,
                         TouchDrive touch)
    : m_spec(std::move(spec))
    , m_openDrive(std::move(openDrive))
    , m_after(std::move(after))
    , m_download(std::move(download))
    , m_limit(limit ? std::move(limit) : std::make_shared<WriteLimit>(m_spec.bytesPerSecond))
    , m_touch(std::move(touch))
{ }

Result<Outcome> FlashWorker::run(std::stop_token stop, ProgressCell &progress)
{
    if (!m_spec.url.isEmpty() && !m_download)
        return fail(ErrorCode::Unsupported,
                    u"the download of the image is gone: write it once more from its link"_s);
    const QStringList drives = unwritten(progress);
    if (drives.isEmpty())
        return Outcome::Completed;
    if (progress.read().done > 0)
        progress.beginAgain();
    progress.edit([this](JobDetails &details) {
        if (details.title.isEmpty())
            details.title = QFileInfo(m_spec.image).fileName();
    });
    std::stop_source reading; // ends earlier than the job when all drives have failed
    const std::stop_callback onStop(stop, [&reading] { reading.request_stop(); });
    const auto chosen = chooseBmap(m_spec, opener(reading.get_token(), progress));
    if (!chosen)
        return stop.stop_requested() ? Result<Outcome>(Outcome::Stopped) : fail(chosen.error());
    FlashWriter::Options options;
    options.remarks = chosen->remarks;
    options.endReading = [&reading] { reading.request_stop(); };
    options.sha256 = expectedSha256();
    if (!options.sha256.list.isEmpty())
        options.remarks.append(
            u"compared with what %1 says"_s.arg(QFileInfo(options.sha256.list).fileName()));
    options.verify = m_spec.verify;
    options.touch = m_touch;
    options.after = m_after;
    options.limit = m_limit;
    return FlashWriter(chosen->open, options).run(drives, m_openDrive, stop, progress);
}

ExpectedSha256 FlashWorker::expectedSha256() const
{
    if (m_spec.sha256.isEmpty() && !m_spec.image.isEmpty())
        return findSha256Beside(m_spec.image);
    return QByteArray::fromHex(m_spec.sha256.toLatin1());
}

QStringList FlashWorker::unwritten(ProgressCell &progress) const
{
    QStringList drives = m_spec.drives;
    progress.edit([&drives](const JobDetails &details) {
        for (const JobDrive &drive : details.drives)
            if (drive.state == JobState::Succeeded)
                drives.removeAll(drive.id);
    });
    return drives;
}

OpenImage FlashWorker::opener(std::stop_token stop, ProgressCell &progress) const
{
    if (!m_download)
        return
            [path = m_spec.image](const DecodeLimits &limits) { return openImage(path, limits); };
    const auto notice = std::make_shared<WaitNotice>(progress);
    const GrowingImage image{m_download, std::move(stop),
                             [notice](GrowingImage::Wait wait) { notice->show(wait); }};
    return [image](const DecodeLimits &limits) { return openImage(image, limits); };
}

} // namespace core
