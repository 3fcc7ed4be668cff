#pragma once
#include "core/base/result.h"

#include <QStringList>

#include <functional>

namespace core {

/// The output of a step, as a string of another step names it: `${fetch.file}`.
struct Placeholder {
    QString step;
    QString output;
    friend bool operator==(const Placeholder &, const Placeholder &) = default;
};

/// Whether `text` may be the name of a step or of an output: 1 to 64 letters of ASCII, digits, `_` and `-`.
[[nodiscard]] bool isStepName(QStringView text);

/// What `text` names, in order. `$$` is a dollar sign. Fails with `InvalidArgument` for a `${` that begins
/// no placeholder.
[[nodiscard]] Result<QList<Placeholder>> placeholdersIn(const QString &text);

/// The value of an output.
using OutputOf = std::function<Result<QString>(const Placeholder &)>;
/// `text` with the values put in; they are not looked at again. Fails as placeholdersIn() and `valueOf`.
[[nodiscard]] Result<QString> filledIn(const QString &text, const OutputOf &valueOf);

} // namespace core
