#include "server/http/refusals.h"

namespace server {

using namespace Qt::StringLiterals;

Response plainRefusal(int status)
{
    switch (status) {
    case 408:
        return problem(status, "timeout", u"The request took too long."_s);
    case 413:
        return problem(status, "limitExceeded", u"The body is too large."_s);
    case 431:
        return problem(status, "limitExceeded", u"The request's head is too large."_s);
    default:
        return problem(status, "invalidArgument", u"The request is malformed or not supported."_s);
    }
}

Response serverIsFull()
{
    Response answer = problem(503, "limitExceeded", u"Too many connections."_s);
    answer.headers.push_back({"Retry-After", "5"});
    return answer;
}

} // namespace server
