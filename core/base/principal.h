#pragma once
#include <QFlags>
#include <QString>
#include <QStringList>

#include <optional>

namespace core {

/// What a principal may do; `Admin` implies all others.
enum class Scope {
    Read = 0x01,
    Control = 0x02,
    Add = 0x04,
    Report = 0x08,
    Settings = 0x10,
    Flash = 0x20,
    Admin = 0x40,
};
Q_DECLARE_FLAGS(Scopes, Scope)
Q_DECLARE_OPERATORS_FOR_FLAGS(Scopes)

/// What pairing, --trust-local and `token add` without --scope give.
inline constexpr Scopes DefaultScopes =
    Scopes(Scope::Read) | Scope::Control | Scope::Add | Scope::Report;

/// Who is asking: made from a token at the door, checked by JobService at every command.
struct Principal {
    QString name;
    /// Jobs carry the owner of who added them; "local" is shared by all the user's own programs.
    QString owner;
    Scopes scopes;
    /// Connected from another machine.
    bool isRemote = false;

    [[nodiscard]] bool has(Scope scope) const
    {
        return scopes.testFlag(scope) || scopes.testFlag(Scope::Admin);
    }
    [[nodiscard]] bool canSee(const QString &jobOwner) const
    {
        return has(Scope::Admin) || jobOwner == owner;
    }
    /// The person at the machine: window and drayctl.
    [[nodiscard]] static Principal localUser();

    friend bool operator==(const Principal &, const Principal &) = default;
};

inline constexpr QLatin1StringView LocalOwner("local");

/// The names of `scopes` as in tokens and PROTOCOL.md §0.4, in that order.
[[nodiscard]] QStringList scopeNames(Scopes scopes);
/// The scopes named; nullopt when one of them is unknown.
[[nodiscard]] std::optional<Scopes> scopesFromNames(const QStringList &names);

} // namespace core
