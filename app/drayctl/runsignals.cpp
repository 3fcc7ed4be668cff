#include "app/drayctl/runsignals.h"

#include <QSocketNotifier>

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace app {
namespace {

bool isIgnored(int number)
{
    struct sigaction action = {};
    return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t endingSignals()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGINT, SIGQUIT, SIGTERM, SIGHUP})
        if (!isIgnored(number))
            sigaddset(&set, number);
    return set;
}

/// Keys send to the whole group in the foreground; a terminal that hangs up, to its first process alone.
bool isFromKey(const signalfd_siginfo &info)
{
    const int number = int(info.ssi_signo);
    return info.ssi_code == SI_KERNEL && (number == SIGINT || number == SIGQUIT);
}

} // namespace

void RunSignals::block()
{
    const sigset_t set = endingSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

RunSignals::RunSignals()
{
    const sigset_t set = endingSignals();
    m_descriptor = core::FileDescriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    m_notifier = std::make_unique<QSocketNotifier>(m_descriptor.get(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &RunSignals::onSignal);
}

RunSignals::~RunSignals() = default;

void RunSignals::onSignal()
{
    signalfd_siginfo info{};
    while (::read(m_descriptor.get(), &info, sizeof info) == ssize_t(sizeof info)) {
        if (isFromKey(info))
            emit interrupted();
        else
            emit endRequested();
    }
}

} // namespace app
