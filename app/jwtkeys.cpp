#include "app/jwtkeys.h"

#include "core/base/logging.h"

namespace app {

using namespace Qt::StringLiterals;

JwtKeys::JwtKeys(const core::Settings &settings)
    : m_settings(settings)
{
    connect(&settings, &core::Settings::changed, this, [this](const QString &key) {
        if (!key.startsWith("jwt."_L1))
            return;
        read();
        emit changed();
    });
}

void JwtKeys::read()
{
    m_keys.clear();
    add(u"jwt.secretFile", &server::JwtKey::fromSecretFile);
    add(u"jwt.publicKeyFile", &server::JwtKey::fromPublicKeyFile);
}

void JwtKeys::add(QStringView setting, ReadKey readKey)
{
    const QString path = m_settings.value(setting).toString();
    if (path.isEmpty())
        return;
    auto key = readKey(path);
    if (!key) {
        key.error().context.prepend(u"%1: "_s.arg(setting));
        emit failed(key.error());
        return;
    }
    m_keys.push_back(std::move(*key));
}

std::optional<server::Grant> JwtKeys::grantOf(const QByteArray &token,
                                              core::Milliseconds wallTime) const
{
    if (m_keys.empty() || !server::looksLikeJwt(token))
        return std::nullopt;
    const auto grant = server::grantOfJwt(token, m_keys, wallTime);
    if (!grant)
        qCDebug(lcHub).noquote() << grant.error().context; // anyone may send one, and often
    return grant ? std::optional(*grant) : std::nullopt;
}

} // namespace app
