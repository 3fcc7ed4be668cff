#include "core/base/principal.h"

#include "core/base/names.h"

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr std::array Names = std::to_array<Name<Scope>>({
    {Scope::Read, "read"_L1},
    {Scope::Control, "control"_L1},
    {Scope::Add, "add"_L1},
    {Scope::Report, "report"_L1},
    {Scope::Settings, "settings"_L1},
    {Scope::Flash, "flash"_L1},
    {Scope::Admin, "admin"_L1},
});

} // namespace

Principal Principal::localUser()
{
    return {.name = QString(LocalOwner), .owner = QString(LocalOwner), .scopes = Scope::Admin};
}

QStringList scopeNames(Scopes scopes)
{
    QStringList result;
    for (const Name<Scope> &row : Names)
        if (scopes.testFlag(row.value))
            result.append(row.name);
    return result;
}

std::optional<Scopes> scopesFromNames(const QStringList &names)
{
    Scopes result;
    for (const QString &name : names) {
        const auto scope = valueOf(Names, name);
        if (!scope)
            return std::nullopt;
        result |= *scope;
    }
    return result;
}

} // namespace core
