#include "core/download/desktopopen.h"

#include <QFile>
#include <QStandardPaths>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <memory>
#include <thread>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// Exit codes of xdg-open, see xdg-open(1).
constexpr int NoFile = 2;
constexpr int NoProgram = 3;

/// Starts it in a session of its own, so that nothing that ends us ends what it shows.
Result<pid_t> startAlone(const QString &program, const QString &argument)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_init(&files);
    sigset_t none; // the hub blocks the signals that end it, and a child inherits that
    sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
    ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    QByteArray name = QFile::encodeName(program);
    QByteArray file = QFile::encodeName(argument);
    char *arguments[] = {name.data(), file.data(), nullptr};
    pid_t child = 0;
    const int error =
        ::posix_spawn(&child, name.constData(), &files, &attributes, arguments, environ);
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
    if (error != 0)
        return fail(ErrorCode::Unsupported,
                    u"%1: %2"_s.arg(program, QString::fromLocal8Bit(std::strerror(error))));
    return child;
}

/// Its wait status; nullopt when it goes on.
std::optional<int> waitFor(pid_t child, const std::stop_token &stop, Milliseconds patience)
{
    constexpr Milliseconds Step{20};
    for (Milliseconds waited{0}; waited < patience && !stop.stop_requested(); waited += Step) {
        int status = 0;
        if (::waitpid(child, &status, WNOHANG) == child)
            return status;
        ::poll(nullptr, 0, int(Step.count()));
    }
    std::thread([child] { ::waitpid(child, nullptr, 0); }).detach(); // it must not stay a zombie
    return std::nullopt;
}

} // namespace

Result<void> requireDesktop()
{
    for (const char *display : {"WAYLAND_DISPLAY", "DISPLAY"})
        if (!qEnvironmentVariableIsEmpty(display))
            return {};
    return fail(ErrorCode::Unsupported,
                u"there is no desktop: Dray runs with neither DISPLAY nor WAYLAND_DISPLAY"_s);
}

Result<Outcome>
openOnDesktop(const QString &path, const std::stop_token &stop, Milliseconds patience)
{
    if (const auto desktop = requireDesktop(); !desktop)
        return fail(desktop.error());
    const QString program = QStandardPaths::findExecutable(u"xdg-open"_s);
    if (program.isEmpty())
        return fail(ErrorCode::Unsupported,
                    u"xdg-open is not installed; \"sudo apt install xdg-utils\" installs it"_s);
    const auto child = startAlone(program, path);
    if (!child)
        return fail(child.error());
    const auto status = waitFor(*child, stop, patience);
    if (!status && stop.stop_requested())
        return Outcome::Stopped;
    if (!status || (WIFEXITED(*status) && WEXITSTATUS(*status) == 0))
        return Outcome::Completed;
    const int code = WIFEXITED(*status) ? WEXITSTATUS(*status) : -1;
    if (code == NoFile)
        return fail(ErrorCode::NotFound, u"%1 is not there"_s.arg(path));
    if (code == NoProgram)
        return fail(ErrorCode::Unsupported, u"no program is installed that opens %1"_s.arg(path));
    return fail(ErrorCode::Internal,
                u"xdg-open ended with exit code %1 for %2"_s.arg(QString::number(code), path));
}

} // namespace core
