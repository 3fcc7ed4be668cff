#include "app/drayctl/passwordprompt.h"

#include <QTextStream>

#include <termios.h>
#include <unistd.h>

#include <cerrno>

namespace app {

namespace {

/// Typed letters are not shown while it lives.
class Hidden
{
public:
    Hidden()
        : m_isTerminal(::tcgetattr(STDIN_FILENO, &m_before) == 0)
    {
        termios quiet = m_before;
        quiet.c_lflag &= ~tcflag_t(ECHO);
        if (m_isTerminal)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~Hidden()
    {
        if (m_isTerminal)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
    }
    Q_DISABLE_COPY_MOVE(Hidden)
    [[nodiscard]] bool isTerminal() const { return m_isTerminal; }

private:
    termios m_before = {};
    const bool m_isTerminal;
};

/// Byte by byte: what follows the line is left to others.
std::optional<QByteArray> readLine()
{
    QByteArray line;
    char byte = 0;
    while (true) {
        const ssize_t count = ::read(STDIN_FILENO, &byte, 1);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return line.isEmpty() ? std::nullopt : std::optional(line);
        if (byte == '\n')
            return line;
        line.append(byte);
    }
}

} // namespace

std::optional<QString> askPassword(const QString &question)
{
    const Hidden hidden;
    QTextStream terminal(stderr);
    if (hidden.isTerminal())
        terminal << question << Qt::flush;
    auto line = readLine();
    if (hidden.isTerminal())
        terminal << '\n';
    if (!line)
        return std::nullopt;
    if (line->endsWith('\r'))
        line->chop(1);
    return QString::fromUtf8(*line);
}

} // namespace app
