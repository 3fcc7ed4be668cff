#include "tests/ui/support/sampleprograms.h"

namespace tests {

using namespace Qt::StringLiterals;
using core::Scope;

QList<core::TokenEntry> samplePrograms()
{
    constexpr qint64 day = 86'400'000;
    constexpr qint64 first = 1'790'000'000'000;
    return {
        {.id = u"aaaa"_s,
         .name = u"backup script"_s,
         .scopes = core::DefaultScopes,
         .owner = u"local"_s,
         .createdAt = first},
        {.id = u"bbbb"_s,
         .name = u"Clip to Dray"_s,
         .scopes = core::DefaultScopes,
         .owner = u"local"_s,
         .createdAt = first + day,
         .lastUsedAt = first + 9 * day,
         .origin = "chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb"},
        {.id = u"cccc"_s,
         .name = u"Ann's phone"_s,
         .scopes = core::Scopes(Scope::Read) | Scope::Add,
         .owner = u"ann"_s,
         .createdAt = first + 2 * day,
         .expiresAt = first + 90 * day,
         .lastUsedAt = first + 3 * day},
    };
}

} // namespace tests
