#pragma once
#include "core/base/result.h"

#include <QList>
#include <QString>

#include <optional>

namespace core {

/// User names and passwords by host, as ftp(1), curl and git read them from .netrc: words in any
/// layout, `machine NAME` or `default`, then `login` and `password`; words may stand in double quotes
/// with \" and \\ inside; # before a keyword begins a comment; `macdef` up to an empty line and
/// `account` are passed over. Pure but for read().
class Netrc
{
public:
    static constexpr qint64 MostBytes = qint64(1) << 20;

    struct Login {
        QString user;
        QString password;
        friend bool operator==(const Login &, const Login &) = default;
    };

    /// Fails with `InvalidArgument` naming the line that cannot be used, never its content.
    [[nodiscard]] static Result<Netrc> parse(const QByteArray &text);
    /// What parse() makes of the file at `path`. Fails with `FileAccess` when it cannot be read or
    /// others than its owner may read it; the context names the path.
    [[nodiscard]] static Result<Netrc> read(const QString &path);

    /// The first login for `host` (with that `user`, when it is not empty), else that of `default`.
    [[nodiscard]] std::optional<Login> find(const QString &host, const QString &user = {}) const;

private:
    struct Entry {
        QString host; ///< empty: default
        Login login;
    };
    QList<Entry> m_entries;
};

} // namespace core
