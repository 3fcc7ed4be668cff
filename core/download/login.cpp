#include "core/download/login.h"

#include "core/download/netrc.h"

namespace core {
namespace {

QUrl withLogin(QUrl url, const QString &user, const QString &password)
{
    url.setUserName(user, QUrl::DecodedMode);
    url.setPassword(password, QUrl::DecodedMode);
    return url;
}

} // namespace

Result<QUrl> urlWithLogin(const DownloadSpec &spec)
{
    const RequestSpec &request = spec.request;
    const bool isKnown = !request.password.isEmpty() || !spec.url.password().isEmpty();
    if (isKnown || request.netrc.isEmpty())
        return request.user.isEmpty() ? spec.url
                                      : withLogin(spec.url, request.user, request.password);
    const auto logins = Netrc::read(request.netrc);
    if (!logins)
        return fail(logins.error());
    const QString user =
        request.user.isEmpty() ? spec.url.userName(QUrl::FullyDecoded) : request.user;
    const auto found = logins->find(spec.url.host(), user);
    if (found)
        return withLogin(spec.url, found->user, found->password);
    return user.isEmpty() ? spec.url : withLogin(spec.url, user, {});
}

} // namespace core
