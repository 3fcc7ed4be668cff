#pragma once
#include <QLatin1StringView>
#include <QStringView>

#include <array>
#include <optional>

namespace core {

/// One row of a table that gives an enum its stable names.
template<typename Enum>
struct Name {
    Enum value;
    QLatin1StringView name;
};

template<typename Enum, size_t N>
[[nodiscard]] constexpr QLatin1StringView nameOf(const std::array<Name<Enum>, N> &names, Enum value)
{
    for (const Name<Enum> &row : names)
        if (row.value == value)
            return row.name;
    return {};
}

template<typename Enum, size_t N>
[[nodiscard]] constexpr std::optional<Enum> valueOf(const std::array<Name<Enum>, N> &names,
                                                    QStringView name)
{
    for (const Name<Enum> &row : names)
        if (row.name == name)
            return row.value;
    return std::nullopt;
}

} // namespace core
