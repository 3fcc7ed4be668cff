#pragma once
#include "core/base/proxyaddress.h"

#include <QStringList>

class QProcessEnvironment;

namespace core {

/// Which proxy a URL is asked through. The first of these that says something counts for all URLs of
/// a job: the spec, the setting, the environment. A proxy of the spec or the setting counts for every
/// host; "none" there turns the environment off.
///
/// The environment is read as curl(1) reads it: http_proxy in small letters only (HTTP_PROXY may be
/// a header that a web server passed on to a script), https_proxy and all_proxy in small letters
/// first; no_proxy, the same, lists hosts that are asked directly: "*" for all, names, which hold for
/// their subdomains too, addresses and address/bits, separated by commas or spaces. Hosts of this
/// machine go through the proxy as any other unless no_proxy lists them. Pure.
class ProxyRule
{
public:
    /// No proxy for any URL.
    ProxyRule() = default;
    explicit ProxyRule(const ProxyAddress &everywhere);

    /// `ofSpec` and `ofSetting` empty: they say nothing. Fails with `InvalidArgument` naming where
    /// the proxy that cannot be used stands.
    [[nodiscard]] static Result<ProxyRule>
    choose(const QString &ofSpec, const QString &ofSetting, const QProcessEnvironment &environment);

    [[nodiscard]] ProxyAddress proxyFor(const QUrl &url) const;
    [[nodiscard]] bool hasLogin() const { return m_http.hasLogin() || m_https.hasLogin(); }
    /// The same for rules that send requests the same way.
    [[nodiscard]] QString key() const;

private:
    [[nodiscard]] static Result<ProxyRule> fromEnvironment(const QProcessEnvironment &environment);
    [[nodiscard]] bool isExempt(const QString &host) const;

    ProxyAddress m_http;
    ProxyAddress m_https;
    /// Entries of no_proxy in small letters, without dots in front.
    QStringList m_exempt;
};

} // namespace core
