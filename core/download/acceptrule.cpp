#include "core/download/acceptrule.h"

namespace core {
namespace {

Sameness sameness(const RemoteIdentity *known, const ResponseHead &head)
{
    return known ? known->compare(head.identity()) : Sameness::Same;
}

/// A whole file takes the place of the bytes that are here only when something says that it is theirs:
/// a validator, or the size.
bool isOtherWhole(const RemoteIdentity *known, const ResponseHead &head)
{
    const Sameness same = sameness(known, head);
    const bool isUnknown = known && known->size >= 0 && head.identity().size != known->size;
    return same == Sameness::Different || (same == Sameness::Unproven && isUnknown);
}

/// RFC 9110 §15.3.7: the 206 itself says that the condition held. An ETag would have to be there.
bool isProvenByCondition(const AskedRange &asked,
                         const RemoteIdentity *known,
                         const ResponseHead &head)
{
    return asked.isConditional && known && known->etag.isEmpty() && head.etag.isEmpty()
        && head.lastModified.isEmpty() && known->host == head.identity().host;
}

/// Packed files are often served with their own packing as the coding although identity was asked.
bool isCodedAgainstWish(const ResponseHead &head)
{
    if (head.contentEncoding.isEmpty())
        return false;
    const bool isGzip = head.contentEncoding == "gzip" || head.contentEncoding == "x-gzip";
    const QString path = head.url.path();
    return !isGzip
        || !(path.endsWith(QLatin1StringView(".gz")) || path.endsWith(QLatin1StringView(".tgz")));
}

Verdict judgePartial(const AskedRange &asked, const RemoteIdentity *known, const ResponseHead &head)
{
    const bool isWellFormed = asked.hasRangeHeader && head.contentEncoding.isEmpty()
        && head.contentRange && head.contentRange->range && head.contentRange->total >= 0;
    if (!isWellFormed)
        return Verdict::Violation;
    const Sameness same = sameness(known, head);
    if (same == Sameness::Different)
        return Verdict::Changed;
    const ByteRange range = *head.contentRange->range;
    const bool isAsked =
        range.begin == asked.range.begin && (asked.isOpenEnded || range.end <= asked.range.end);
    const bool isLengthTrue = head.contentLength < 0 || head.contentLength == range.size();
    if (!isAsked || !isLengthTrue)
        return Verdict::Violation;
    const bool isProven = same == Sameness::Same || isProvenByCondition(asked, known, head);
    return isProven ? Verdict::Write : Verdict::Unproven;
}

Verdict judgeUnsatisfiable(const RemoteIdentity *known, const ResponseHead &head)
{
    if (!head.contentRange || head.contentRange->range)
        return Verdict::Violation;
    if (known)
        return head.contentRange->total == known->size ? Verdict::Violation : Verdict::Changed;
    return head.contentRange->total == 0 ? Verdict::Empty : Verdict::Violation;
}

} // namespace

Verdict judge(const AskedRange &asked, const RemoteIdentity *known, const ResponseHead &head)
{
    switch (head.status) {
    case 200:
    case 203:
        if (isCodedAgainstWish(head))
            return Verdict::Violation;
        return isOtherWhole(known, head) ? Verdict::Changed : Verdict::WholeFile;
    case 206:
        return judgePartial(asked, known, head);
    case 416:
        return judgeUnsatisfiable(known, head);
    default:
        return Verdict::Refused;
    }
}

} // namespace core
