#include "core/flash/packedname.h"

#include <QFileInfo>

#include <algorithm>
#include <array>

namespace core {

using namespace Qt::StringLiterals;

QString packedImageName(const QString &path)
{
    constexpr std::array Suffixes = {"xz"_L1,  "gz"_L1,  "bz2"_L1, "zst"_L1,
                                     "lz4"_L1, "zip"_L1, "7z"_L1};
    const QString suffix = QFileInfo(path).suffix();
    const bool isPacked = std::ranges::find(Suffixes, suffix.toLower()) != Suffixes.end();
    return isPacked ? path.chopped(suffix.size() + 1) : QString();
}

} // namespace core
