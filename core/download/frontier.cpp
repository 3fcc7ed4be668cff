#include "core/download/frontier.h"

#include "core/base/digest.h"

#include <algorithm>
#include <vector>

namespace core {

using namespace Qt::StringLiterals;

namespace {

Result<QByteArray> digestBefore(const PartFile &part, ByteRange range)
{
    std::vector<char> block(size_t(std::min(range.size(), Frontier::BlockBytes)));
    const auto count = part.read(range.end - qint64(block.size()), block);
    if (!count)
        return fail(count.error());
    if (*count != qint64(block.size()))
        return fail(ErrorCode::FileAccess, u"%1 became shorter"_s.arg(part.path()));
    Sha256 hash;
    hash.add(block);
    return hash.finish().toHex();
}

} // namespace

Result<QList<Frontier>> frontiersOf(const PartFile &part, const ByteRanges &done)
{
    QList<Frontier> frontiers;
    for (const ByteRange range : done.list()) {
        auto digest = digestBefore(part, range);
        if (!digest)
            return fail(digest.error());
        frontiers.append({range.end, std::move(*digest)});
    }
    return frontiers;
}

Result<ByteRanges>
provenRanges(const PartFile &part, const ByteRanges &done, const QList<Frontier> &recorded)
{
    ByteRanges proven = done;
    for (const ByteRange range : done.list()) {
        const auto frontier = std::ranges::find(recorded, range.end, &Frontier::end);
        if (frontier == recorded.end())
            continue;
        const auto digest = digestBefore(part, range);
        if (!digest)
            return fail(digest.error());
        if (*digest != frontier->digest)
            proven.remove(range);
    }
    return proven;
}

} // namespace core
