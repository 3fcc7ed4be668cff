#pragma once
#include <QByteArray>
#include <QString>

#include <optional>

namespace app {

/// What a command writes, as it would stand on a terminal: the latest line and the latest percentage.
class OutputLines
{
public:
    /// So much of a line is looked at; the rest of it is not kept.
    static constexpr qsizetype LongestLine = 4096;

    /// Whatever arrived; a line or a character may be cut anywhere.
    void take(QByteArrayView bytes);

    /// The latest line with something in it, without escape sequences; one that is not ended counts.
    [[nodiscard]] QString lastLine() const;
    /// 0 to 100; nullopt while none was seen.
    [[nodiscard]] std::optional<double> percent() const;

private:
    void endLine();

    QByteArray m_current; // not ended yet
    QByteArray m_last;
    std::optional<double> m_percent;
};

} // namespace app
