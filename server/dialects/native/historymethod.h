#pragma once
#include "core/store/history.h"
#include "server/dialects/native/params.h"

namespace server {

/// Which page `history.list {before?, limit?}` asks for; fails with `InvalidArgument`.
[[nodiscard]] core::Result<core::History::Query> historyQueryFrom(const Params &params);
/// `{history[], next?}`; `next` is the `before` of the page that follows.
[[nodiscard]] QByteArray historyResult(const core::History::Page &page);

} // namespace server
