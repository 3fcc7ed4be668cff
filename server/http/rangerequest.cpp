#include "server/http/rangerequest.h"

#include "server/http/httpdate.h"

#include <algorithm>

namespace server {

namespace {

enum class Comparison { Strong, Weak };

/// Whether a list of entity tags, or `*`, names the file's.
bool namesTag(const QByteArray &list, const FileFacts &file, Comparison comparison)
{
    if (list.trimmed() == "*")
        return true;
    for (const QByteArray &item : list.split(',')) {
        QByteArray tag = item.trimmed();
        if (comparison == Comparison::Weak && tag.startsWith("W/"))
            tag.remove(0, 2);
        if (tag == file.etag)
            return true;
    }
    return false;
}

bool isFailedPrecondition(const Request &request, const FileFacts &file)
{
    if (const QByteArray tags = request.header("If-Match"); !tags.isNull())
        return !namesTag(tags, file, Comparison::Strong);
    const auto since = parseHttpDate(request.header("If-Unmodified-Since"));
    return since && file.modifiedAt > *since;
}

bool isNotModified(const Request &request, const FileFacts &file)
{
    if (const QByteArray tags = request.header("If-None-Match"); !tags.isNull())
        return namesTag(tags, file, Comparison::Weak);
    const auto since = parseHttpDate(request.header("If-Modified-Since"));
    return since && file.modifiedAt <= *since;
}

/// If-Range: a part is only good when the whole is the one the client has a part of.
bool mayAnswerPart(const Request &request, const FileFacts &file)
{
    const QByteArray condition = request.header("If-Range").trimmed();
    if (condition.isEmpty())
        return true;
    if (condition.startsWith('"') || condition.startsWith("W/"))
        return condition == file.etag;
    const auto date = parseHttpDate(condition);
    return date && *date == file.modifiedAt;
}

/// Digits only, at most 18: no sign, no blank, no overflow.
std::optional<qint64> parseDigits(QByteArrayView text)
{
    const bool isDigits = !text.isEmpty() && text.size() <= 18
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!isDigits)
        return std::nullopt;
    return text.toByteArray().toLongLong();
}

constexpr RangeAnswer Unsatisfiable{416, 0, 0};

/// "-N": the last N bytes.
std::optional<RangeAnswer> lastBytes(QByteArrayView count, const FileFacts &file)
{
    const auto bytes = parseDigits(count);
    if (!bytes)
        return std::nullopt;
    if (*bytes == 0 || file.size == 0)
        return Unsatisfiable;
    return RangeAnswer{206, std::max<qint64>(0, file.size - *bytes), file.size};
}

/// The part a single byte range names; nullopt when the header is to be ignored.
std::optional<RangeAnswer> partOf(const QByteArray &range, const FileFacts &file)
{
    const QByteArrayView unit = "bytes=";
    if (range.size() <= unit.size()
        || unit.compare(range.first(unit.size()), Qt::CaseInsensitive) != 0)
        return std::nullopt;
    const QByteArray spec = range.sliced(unit.size()).trimmed();
    const qsizetype dash = spec.indexOf('-');
    if (dash < 0 || spec.contains(','))
        return std::nullopt;
    if (dash == 0)
        return lastBytes(QByteArrayView(spec).sliced(1), file);
    const auto first = parseDigits(QByteArrayView(spec).first(dash));
    const auto last = dash + 1 == spec.size() ? std::optional(file.size)
                                              : parseDigits(QByteArrayView(spec).sliced(dash + 1));
    if (!first || !last || (dash + 1 < spec.size() && *last < *first))
        return std::nullopt;
    if (*first >= file.size)
        return Unsatisfiable;
    return RangeAnswer{206, *first, std::min(*last, file.size - 1) + 1};
}

} // namespace

RangeAnswer answerRange(const Request &request, const FileFacts &file)
{
    if (isFailedPrecondition(request, file))
        return {412, 0, 0};
    if (isNotModified(request, file))
        return {304, 0, 0};
    const RangeAnswer whole{200, 0, file.size};
    const QByteArray range = request.header("Range");
    // Only GET has ranges (RFC 9110 §14.2).
    if (range.isEmpty() || request.method != "GET" || !mayAnswerPart(request, file))
        return whole;
    return partOf(range, file).value_or(whole);
}

} // namespace server
