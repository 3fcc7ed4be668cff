#include "core/download/requestspec.h"

#include "core/base/proxyaddress.h"
#include "core/download/downloadspec.h"

#include <QDir>

#include <algorithm>
#include <array>

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype MostBytes = 4096; // half of what servers commonly take for a whole head

Result<void> checkHeaderText(QLatin1StringView member, const QString &text)
{
    const bool isPlain =
        std::ranges::none_of(text, [](QChar c) { return c.category() == QChar::Other_Control; });
    if (!isPlain || text.toUtf8().size() > MostBytes)
        return fail(ErrorCode::InvalidArgument,
                    u"%1: not one line of text of at most %2 bytes"_s.arg(
                        member, QString::number(MostBytes)));
    return {};
}

Result<void> checkPath(QLatin1StringView member, const QString &path)
{
    if (path.isEmpty() || (QDir::isAbsolutePath(path) && !path.contains(QChar::Null)))
        return {};
    return fail(ErrorCode::InvalidArgument,
                u"%1: \"%2\" is not an absolute path"_s.arg(member, path));
}

/// A member and the header that says the same.
struct Rivals {
    QLatin1StringView member;
    QLatin1StringView header;
    bool isGiven;
};

Result<void> checkRivals(const RequestSpec &request, const QList<HeaderLine> &headers)
{
    const std::array rivals =
        std::to_array<Rivals>({{"userAgent"_L1, "user-agent"_L1, !request.userAgent.isEmpty()},
                               {"referer"_L1, "referer"_L1, !request.referer.isEmpty()},
                               {"cookies"_L1, "cookie"_L1, !request.cookies.isEmpty()},
                               {"user"_L1, "authorization"_L1, !request.user.isEmpty()},
                               {"netrc"_L1, "authorization"_L1, !request.netrc.isEmpty()}});
    for (const auto &[member, header, isGiven] : rivals)
        for (const HeaderLine &line : headers)
            if (isGiven && line.name.compare(header, Qt::CaseInsensitive) == 0)
                return fail(
                    ErrorCode::InvalidArgument,
                    u"%1: the header %2 is given too; give only one"_s.arg(member, line.name));
    return {};
}

/// A colon ends the user name in Basic authentication (RFC 7617 §2).
Result<void> checkLogin(const RequestSpec &request)
{
    if (request.user.contains(u':'))
        return fail(ErrorCode::InvalidArgument, u"user: a user name has no \":\" in it"_s);
    if (request.user.isEmpty() && !request.password.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"password: given without a user"_s);
    if (const auto checked = checkHeaderText("user"_L1, request.user); !checked)
        return checked;
    return checkHeaderText("password"_L1, request.password);
}

} // namespace

QStringList localFiles(const RequestSpec &request)
{
    QStringList files{request.cookies, request.netrc};
    files.removeAll(QString());
    return files;
}

RequestSpec requestForOtherOrigin(RequestSpec request)
{
    request.user.clear();
    request.password.clear();
    request.netrc
        .clear(); // a page or a document would choose which of its logins goes out, and where to
    return request;
}

Result<void> checkRequest(const RequestSpec &request, const QList<HeaderLine> &headers)
{
    if (const auto checked = checkHeaderText("userAgent"_L1, request.userAgent); !checked)
        return checked;
    if (const auto checked = checkHeaderText("referer"_L1, request.referer); !checked)
        return checked;
    if (const auto checked = checkPath("cookies"_L1, request.cookies); !checked)
        return checked;
    if (const auto checked = checkPath("netrc"_L1, request.netrc); !checked)
        return checked;
    if (const auto checked = checkLogin(request); !checked)
        return checked;
    if (const auto proxy = ProxyAddress::parse(request.proxy); !request.proxy.isEmpty() && !proxy)
        return fail(proxy.error().code, u"proxy: "_s + proxy.error().context);
    return checkRivals(request, headers);
}

} // namespace core
