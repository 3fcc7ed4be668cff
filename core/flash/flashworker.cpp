#include "core/flash/flashworker.h"

#include "core/flash/openimage.h"
#include "core/flash/waitnotice.h"

#include <QFileInfo>

namespace core {

using namespace Qt::StringLiterals;

FlashWorker::FlashWorker(FlashSpec spec, OpenDrive openDrive, std::shared_ptr<GrowingFile> download)
    : m_spec(std::move(spec))
    , m_openDrive(std::move(openDrive))
    , m_download(std::move(download))
{ }

Result<Outcome> FlashWorker::run(std::stop_token stop, ProgressCell &progress)
{
    if (const auto supported = checkSupported(); !supported)
        return fail(supported.error());
    if (progress.read().done > 0)
        progress.beginAgain();
    progress.edit([this](JobDetails &details) {
        if (details.title.isEmpty())
            details.title = QFileInfo(m_spec.image).fileName();
    });
    std::stop_source reading; // ends earlier than the job when all drives have failed
    const std::stop_callback onStop(stop, [&reading] { reading.request_stop(); });
    const OpenImage open = opener(reading.get_token(), progress);
    FlashWriter::Options options;
    options.endReading = [&reading] { reading.request_stop(); };
    options.sha256 = QByteArray::fromHex(m_spec.sha256.toLatin1());
    options.verify = m_spec.verify;
    return FlashWriter(open, options).run(m_spec.drives, m_openDrive, stop, progress);
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

Result<void> FlashWorker::checkSupported() const
{
    const auto unsupported = [](QLatin1StringView what) {
        return fail(ErrorCode::Unsupported, u"this version cannot flash %1"_s.arg(what));
    };
    if (!m_spec.url.isEmpty() && !m_download)
        return fail(ErrorCode::Unsupported, u"nobody downloads the image"_s);
    if (!m_spec.bmap.isEmpty())
        return unsupported("by a bmap file"_L1);
    if (!m_spec.partition.isEmpty())
        return unsupported("a single partition"_L1);
    return {};
}

} // namespace core
