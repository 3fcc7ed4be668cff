#include "core/flash/bmapchoice.h"

#include "core/flash/bmapxml.h"
#include "core/flash/mappedsource.h"
#include "core/flash/packedname.h"

#include <QFileInfo>

namespace core {

using namespace Qt::StringLiterals;

namespace {

OpenImage mapped(OpenImage open, Bmap bmap)
{
    return [open = std::move(open), bmap = std::make_shared<const Bmap>(std::move(bmap))](
               const DecodeLimits &limits) -> Result<std::unique_ptr<ImageSource>> {
        auto image = open(limits);
        return image ? MappedSource::make(std::move(*image), bmap) : fail(image.error());
    };
}

Result<BmapChoice> tryFound(const QString &path, const OpenImage &open)
{
    auto bmap = loadBmap(path);
    if (!bmap)
        return fail(bmap.error());
    BmapChoice choice{mapped(open, std::move(*bmap)), {}};
    if (const auto image = choice.open(DecodeLimits()); !image)
        return fail(image.error());
    return choice;
}

} // namespace

QStringList bmapPathsFor(const QString &path)
{
    QStringList paths{path + u".bmap"_s};
    if (const QString unpacked = packedImageName(path); !unpacked.isEmpty())
        paths.append(unpacked + u".bmap"_s);
    return paths;
}

Result<BmapChoice> chooseBmap(const FlashSpec &spec, OpenImage open)
{
    if (!spec.bmap.isEmpty()) {
        auto bmap = loadBmap(spec.bmap);
        if (!bmap)
            return fail(bmap.error());
        return BmapChoice{mapped(std::move(open), std::move(*bmap)), {}};
    }
    if (spec.image.isEmpty())
        return BmapChoice{std::move(open), {}};
    for (const QString &path : bmapPathsFor(spec.image)) {
        if (!QFileInfo::exists(path))
            continue;
        auto choice = tryFound(path, open);
        if (choice)
            return choice;
        return BmapChoice{
            std::move(open),
            {u"the bmap beside the image is not used: %1"_s.arg(choice.error().context)}};
    }
    return BmapChoice{std::move(open), {}};
}

} // namespace core
