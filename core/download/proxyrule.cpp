#include "core/download/proxyrule.h"

#include <QHostAddress>
#include <QProcessEnvironment>
#include <QRegularExpression>

#include <algorithm>

namespace core {
namespace {

using namespace Qt::StringLiterals;

/// The first variable of `names` that is set to something.
QString firstSet(const QStringList &names, const QProcessEnvironment &environment)
{
    for (const QString &name : names)
        if (!environment.value(name).isEmpty())
            return name;
    return {};
}

Result<ProxyAddress> proxyOf(const QStringList &names, const QProcessEnvironment &environment)
{
    const QString name = firstSet(names, environment);
    const QString text = environment.value(name).trimmed();
    if (text.isEmpty())
        return ProxyAddress();
    auto proxy = ProxyAddress::parse(text);
    if (!proxy)
        return fail(proxy.error().code,
                    u"environment variable %1: %2"_s.arg(name, proxy.error().context));
    return proxy;
}

/// An entry of no_proxy as it is compared.
QString comparable(QString entry)
{
    while (entry.startsWith(u'.'))
        entry.remove(0, 1);
    if (entry.startsWith(u'[') && entry.endsWith(u']'))
        entry = entry.sliced(1, entry.size() - 2);
    while (entry.endsWith(u'.'))
        entry.chop(1);
    return entry;
}

bool covers(const QString &entry, const QString &host, const QHostAddress &address)
{
    if (address.isNull())
        return host == entry || host.endsWith(u'.' + entry);
    if (entry.contains(u'/')) {
        const auto subnet = QHostAddress::parseSubnet(entry);
        return subnet.second >= 0 && address.isInSubnet(subnet);
    }
    return address == QHostAddress(entry);
}

} // namespace

ProxyRule::ProxyRule(const ProxyAddress &everywhere)
    : m_http(everywhere)
    , m_https(everywhere)
{ }

Result<ProxyRule> ProxyRule::choose(const QString &ofSpec,
                                    const QString &ofSetting,
                                    const QProcessEnvironment &environment)
{
    const QString &text = ofSpec.isEmpty() ? ofSetting : ofSpec;
    if (text.isEmpty())
        return fromEnvironment(environment);
    const auto proxy = ProxyAddress::parse(text);
    if (!proxy)
        return fail(proxy.error().code, u"proxy: %1"_s.arg(proxy.error().context));
    return ProxyRule(*proxy);
}

Result<ProxyRule> ProxyRule::fromEnvironment(const QProcessEnvironment &environment)
{
    const QString forAll = u"all_proxy"_s;
    const QString forAllToo = u"ALL_PROXY"_s;
    const auto http = proxyOf({u"http_proxy"_s, forAll, forAllToo}, environment);
    if (!http)
        return fail(http.error());
    const auto https =
        proxyOf({u"https_proxy"_s, u"HTTPS_PROXY"_s, forAll, forAllToo}, environment);
    if (!https)
        return fail(https.error());
    ProxyRule rule;
    rule.m_http = *http;
    rule.m_https = *https;
    static const QRegularExpression separators(u"[,\\s]+"_s);
    const QString exempt =
        environment.value(firstSet({u"no_proxy"_s, u"NO_PROXY"_s}, environment)).toLower();
    for (const QString &entry : exempt.split(separators, Qt::SkipEmptyParts))
        rule.m_exempt.append(comparable(entry));
    rule.m_exempt.removeAll(QString());
    return rule;
}

bool ProxyRule::isExempt(const QString &host) const
{
    if (m_exempt == QStringList{u"*"_s})
        return true;
    const QString name = comparable(host.toLower());
    const QHostAddress address(name);
    return std::ranges::any_of(m_exempt,
                               [&](const QString &entry) { return covers(entry, name, address); });
}

ProxyAddress ProxyRule::proxyFor(const QUrl &url) const
{
    const ProxyAddress &proxy = url.scheme() == "https"_L1 ? m_https : m_http;
    return proxy.isNone() || isExempt(url.host()) ? ProxyAddress() : proxy;
}

QString ProxyRule::key() const
{
    return m_http.shown() + u' ' + m_https.shown() + u' ' + m_exempt.join(u',');
}

} // namespace core
