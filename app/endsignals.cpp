#include "app/endsignals.h"

#include <QSocketNotifier>

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace app {
namespace {

sigset_t endingSignals()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        sigaddset(&set, number);
    return set;
}

} // namespace

void EndSignals::block()
{
    const sigset_t set = endingSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

EndSignals::EndSignals(QObject *parent)
    : QObject(parent)
{
    const sigset_t set = endingSignals();
    m_descriptor = core::FileDescriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    m_notifier = std::make_unique<QSocketNotifier>(m_descriptor.get(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &EndSignals::onSignal);
}

EndSignals::~EndSignals() = default;

void EndSignals::onSignal()
{
    signalfd_siginfo info{};
    while (::read(m_descriptor.get(), &info, sizeof info) == ssize_t(sizeof info))
        emit endRequested();
}

} // namespace app
