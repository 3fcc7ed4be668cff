#pragma once
#include "core/base/result.h"

#include <QStringList>

namespace core {

/// The links that one numbered pattern stands for, as curl writes them:
///
///     file[1-3].zip     file1.zip file2.zip file3.zip
///     file[08-10].zip   file08.zip file09.zip file10.zip (as wide as the first number is written)
///     part-[a-c]        part-a part-b part-c
///     {one,two}.txt     one.txt two.txt
///
/// Several patterns in one link are combined, the last one counting fastest. Brackets and braces that
/// hold no pattern stay as they are: those of an IPv6 host, "[1]", "{x}". Pure.
class UrlPattern
{
public:
    static constexpr qsizetype MaxLinks = 10'000;

    /// One link when `text` holds no pattern. Fails with `InvalidArgument` for a range that runs
    /// backwards and for more than MaxLinks links.
    [[nodiscard]] static Result<QStringList> expand(const QString &text);
};

} // namespace core
