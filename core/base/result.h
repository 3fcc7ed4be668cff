#pragma once
#include "core/base/errorcode.h"

#include <QString>

#include <tl/expected.hpp>

namespace core {

/// A failure. `context` names the value at fault (URL, path, both digests, the system's words) in
/// plain English for the log and the wire; it is never translated and never parsed.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    QString context;
    friend bool operator==(const Error &, const Error &) = default;
};

template<typename T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, QString context = {})
{
    return tl::unexpected<Error>(Error{code, std::move(context)});
}

/// Hands a failure on unchanged: `if (!part) return fail(part.error());`
[[nodiscard]] inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

} // namespace core
