#include "core/download/retrypolicy.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

std::chrono::milliseconds
RetryPolicy::delay(int failures, std::chrono::milliseconds retryAfter, double random) const
{
    const int doublings = std::clamp(failures, 0, 30);
    const qint64 ceiling =
        std::min<qint64>(longestDelay.count(), qint64(firstDelay.count()) << doublings);
    return std::max(retryAfter, std::chrono::milliseconds(qint64(double(ceiling) * random)));
}

bool isTransientStatus(int status)
{
    const bool isServerError = status >= 500 && status <= 599 && status != 501 && status != 505;
    return isServerError || status == 408 || status == 425 || status == 429;
}

Error statusError(int status, const QString &url)
{
    const QString context = u"the server answered %1 for %2"_s.arg(QString::number(status), url);
    if (status == 401 || status == 407)
        return {ErrorCode::AuthenticationRequired, context};
    const bool isMissing = status == 404 || status == 410;
    return {isMissing ? ErrorCode::NotFound : ErrorCode::HttpStatus, context};
}

bool isLinkExpired(int status)
{
    return status == 401 || status == 403 || status == 404 || status == 410;
}

} // namespace core
