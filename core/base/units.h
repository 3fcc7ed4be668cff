#pragma once
#include "core/base/result.h"

#include <QStringView>

namespace core {

inline namespace literals {
constexpr qint64 operator""_KiB(unsigned long long n)
{
    return qint64(n) << 10;
}
constexpr qint64 operator""_MiB(unsigned long long n)
{
    return qint64(n) << 20;
}
constexpr qint64 operator""_GiB(unsigned long long n)
{
    return qint64(n) << 30;
}
} // namespace literals

/// Bytes (or bytes per second) a person wrote: "500000", "500k", "1.5M", "2GiB". K, M, G and T count
/// in 1024, as in aria2 and curl; an "iB" or "B" after them changes nothing. Fails with
/// `InvalidArgument` naming the text.
[[nodiscard]] Result<qint64> parseBytes(QStringView text);

} // namespace core
