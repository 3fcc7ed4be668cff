#pragma once
#include "core/store/settings.h"
#include "server/http/jwt.h"

#include <QObject>

#include <vector>

namespace app {

/// The keys of the settings jwt.secretFile (HS256) and jwt.publicKeyFile (EdDSA); without them no JWT is
/// taken. Each is read at the start and whenever its setting changes.
///
/// Threads: the hub thread.
class JwtKeys final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JwtKeys)
public:
    explicit JwtKeys(const core::Settings &settings);

    /// Reads the files; what cannot be used is told by failed() and leaves no key.
    void read();
    /// Nullopt for what is no JWT, or not a valid one; the reason is logged for who debugs, without the token.
    [[nodiscard]] std::optional<server::Grant> grantOf(const QByteArray &token,
                                                       core::Milliseconds wallTime) const;

signals:
    /// JWTs made with the keys of before are valid no longer.
    void changed();
    void failed(const core::Error &error);

private:
    using ReadKey = core::Result<server::JwtKey> (*)(const QString &path);
    void add(QStringView setting, ReadKey readKey);

    const core::Settings &m_settings;
    std::vector<server::JwtKey> m_keys;
};

} // namespace app
