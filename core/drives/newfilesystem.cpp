#include "core/drives/newfilesystem.h"

#include "core/base/names.h"
#include "core/base/wrongvalue.h"

#include <algorithm>

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr std::array Names = std::to_array<Name<NewFileSystem::Kind>>({
    {NewFileSystem::Kind::ExFat, "exfat"_L1},
    {NewFileSystem::Kind::Fat32, "fat32"_L1},
    {NewFileSystem::Kind::Fat32, "vfat"_L1},
});

constexpr qsizetype MostLabel = 11; // characters, of both

bool isPlain(QChar c)
{
    return c.isPrint() && !c.isSurrogate() && !u"\"*+,./:;<=>?[\\]|"_s.contains(c);
}

} // namespace

QLatin1StringView newFileSystemName(NewFileSystem::Kind kind)
{
    return nameOf(Names, kind);
}

std::optional<NewFileSystem::Kind> newFileSystemFromName(QStringView name)
{
    return valueOf(Names, name);
}

Result<void> checkLabel(const NewFileSystem &fileSystem)
{
    const QString &label = fileSystem.label;
    if (label.size() > MostLabel)
        return wrongValue("label"_L1, label, "at most 11 characters");
    if (!std::all_of(label.cbegin(), label.cend(), isPlain) || label != label.trimmed())
        return wrongValue("label"_L1, label,
                          "made of letters, digits, spaces inside and plain signs");
    const auto isAscii = [](QChar c) { return c.unicode() < 0x80; };
    if (fileSystem.kind == NewFileSystem::Kind::Fat32
        && !std::all_of(label.cbegin(), label.cend(), isAscii))
        return wrongValue("label"_L1, label, "of ASCII characters, as FAT32 needs");
    return {};
}

} // namespace core
