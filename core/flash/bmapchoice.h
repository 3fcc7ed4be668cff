#pragma once
#include "core/flash/bmap.h"
#include "core/flash/flashspec.h"
#include "core/flash/imagesource.h"

#include <QStringList>

namespace core {

/// An image together with the bmap that says what of it is written.
struct BmapChoice {
    OpenImage open;
    QStringList remarks; ///< why a bmap that lay beside the image is not used
};

/// Takes the bmap that the spec names, else one beside the image: `x.img.bmap` for `x.img`, and for
/// `x.img.xz` `x.img.xz.bmap` or `x.img.bmap`. One that nobody named is used only when it is whole and
/// says the image's size; one that was named must be. Fails as loadBmap and MappedSource::make;
/// without any bmap, `open` is handed back.
[[nodiscard]] Result<BmapChoice> chooseBmap(const FlashSpec &spec, OpenImage open);

/// Where a bmap of the image at `path` may lie, the first that is there counts.
[[nodiscard]] QStringList bmapPathsFor(const QString &path);

} // namespace core
