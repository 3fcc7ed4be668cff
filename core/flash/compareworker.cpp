#include "core/flash/compareworker.h"

#include "core/flash/openimage.h"

namespace core {

using namespace Qt::StringLiterals;

CompareWorker::CompareWorker(CompareSpec spec, OpenDrive openDrive)
    : m_spec(std::move(spec))
    , m_openDrive(std::move(openDrive))
{ }

Result<Outcome> CompareWorker::run(std::stop_token stop, ProgressCell &progress)
{
    if (progress.read().done > 0)
        progress.beginAgain();
    FlashProgress shown(progress, {m_spec.drive});
    const auto outcome = compare(stop, shown);
    shown.finish(0, outcome);
    return outcome;
}

Result<Outcome> CompareWorker::compare(const std::stop_token &stop, FlashProgress &progress) const
{
    const OpenImage open = [path = m_spec.image](const DecodeLimits &limits) {
        return openImage(path, limits);
    };
    auto image = open({});
    if (!image)
        return fail(image.error());
    if (const auto size = (*image)->size())
        progress.setTotal(*size);
    const auto device = m_openDrive(m_spec.drive, stop);
    if (!device)
        return fail(device.error());
    progress.enter(0, Stage::Verifying);
    ImageFeed feed(std::move(*image), open, QByteArray::fromHex(m_spec.sha256.toLatin1()), {});
    feed.start(1);
    DriveComparer comparer(**device, feed,
                           [&progress](qint64 bytes) { progress.advance(0, bytes); });
    const auto compared = comparer.run(stop);
    if (!compared || *compared == Outcome::Stopped)
        return compared;
    progress.setTotal(comparer.findings().imageBytes);
    progress.setSha256(QString::fromLatin1(feed.imageSha256().toHex()));
    return tell(comparer.findings(), progress).map([] { return Outcome::Completed; });
}

Result<void> CompareWorker::tell(const DriveComparer::Findings &findings,
                                 FlashProgress &progress) const
{
    const QString rest = findings.restBytes == 0
        ? QString()
        : u"; %1 bytes behind the image were not looked at"_s.arg(findings.restBytes);
    if (findings.differingExtents > 0)
        return fail(ErrorCode::VerificationFailed,
                    u"%1 differs from the image first at byte %2, in %3 of %4 MiB%5"_s.arg(
                        m_spec.drive, QString::number(findings.firstDifference),
                        QString::number(findings.differingExtents),
                        QString::number(findings.extents), rest));
    progress.setMessage(
        u"all %1 bytes of the image are on the drive%2"_s.arg(findings.imageBytes).arg(rest));
    return {};
}

} // namespace core
