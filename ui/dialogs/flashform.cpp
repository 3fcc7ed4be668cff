#include "ui/dialogs/flashform.h"

#include "core/base/digest.h"

#include <QFileInfo>

#include <algorithm>
#include <array>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

/// What openImage reads (core/flash/imageformat.h).
constexpr std::array Suffixes = {"iso"_L1, "img"_L1, "raw"_L1, "wic"_L1, "xz"_L1, "zst"_L1,
                                 "gz"_L1,  "bz2"_L1, "zip"_L1, "7z"_L1,  "lz4"_L1};

bool isReadableFile(const QString &path)
{
    const QFileInfo file(path);
    return file.isAbsolute() && file.isFile() && file.isReadable();
}

bool isLink(const QString &image)
{
    return image.startsWith("http://"_L1) || image.startsWith("https://"_L1);
}

FlashProblem imageProblem(const QString &image)
{
    if (image.isEmpty())
        return FlashProblem::NoImage;
    if (isLink(image))
        return QUrl(image).isValid() ? FlashProblem::None : FlashProblem::Link;
    if (!isReadableFile(image))
        return FlashProblem::ImageMissing;
    return QFileInfo(image).size() > 0 ? FlashProblem::None : FlashProblem::ImageEmpty;
}

FlashRequest wrong(FlashProblem problem, const QString &value)
{
    return {.order = {}, .problem = problem, .value = value};
}

} // namespace

FlashRequest checked(const FlashForm &form)
{
    const QString image = form.image.trimmed();
    const QString sha256 = form.sha256.trimmed().toLower();
    const QString bmap = form.bmap.trimmed();
    if (const FlashProblem problem = imageProblem(image); problem != FlashProblem::None)
        return wrong(problem, image);
    if (!sha256.isEmpty() && !core::isSha256Hex(sha256))
        return wrong(FlashProblem::Sha256, sha256);
    if (!bmap.isEmpty() && !isReadableFile(bmap))
        return wrong(FlashProblem::BmapMissing, bmap);
    if (form.drives.isEmpty())
        return wrong(FlashProblem::NoDrive, {});
    if (form.confirmed == FlashForm::Confirmed::No)
        return wrong(FlashProblem::NotConfirmed, {});
    FlashRequest request;
    core::FlashSpec &spec = request.order.spec;
    if (isLink(image))
        spec.url = QUrl(image);
    else
        spec.image = image;
    spec.sha256 = sha256;
    spec.bmap = bmap;
    spec.partition = form.partition.trimmed();
    spec.verify = form.verify;
    for (const core::Drive &drive : form.drives) {
        spec.drives.append(drive.id);
        request.order.seen.append(drive.identity());
    }
    spec.erase = spec.drives;
    return request;
}

bool isImageName(const QString &path)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    return std::ranges::any_of(Suffixes,
                               [&suffix](QLatin1StringView known) { return suffix == known; });
}

} // namespace ui
