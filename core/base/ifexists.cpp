#include "core/base/ifexists.h"

#include "core/base/names.h"

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr std::array Names = std::to_array<Name<IfExists>>({
    {IfExists::Rename, "rename"_L1},
    {IfExists::Overwrite, "overwrite"_L1},
    {IfExists::Skip, "skip"_L1},
    {IfExists::Ask, "ask"_L1},
});

} // namespace

QLatin1StringView ifExistsName(IfExists choice)
{
    return nameOf(Names, choice);
}

std::optional<IfExists> ifExistsFromName(QStringView name)
{
    return valueOf(Names, name);
}

QString ifExistsChoices()
{
    return u"rename, overwrite, skip or ask"_s;
}

} // namespace core
