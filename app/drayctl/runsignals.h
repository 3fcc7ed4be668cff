#pragma once
#include "core/base/files.h"

#include <QObject>

#include <memory>

class QSocketNotifier;

namespace app {

/// What asks us to end while a command runs, SIGINT, SIGQUIT, SIGTERM and SIGHUP, as Qt signals, through
/// signalfd(2). Those that are ignored, as under nohup(1), stay so.
class RunSignals final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunSignals)
public:
    /// Keeps them from ending the process at once. Call it before any thread starts: threads inherit it.
    /// So do child processes, which must clear it.
    static void block();

    RunSignals();
    ~RunSignals() override;

signals:
    void endRequested();
    /// By a key of the terminal, which has told the command too.
    void interrupted();

private:
    void onSignal();

    core::FileDescriptor m_descriptor;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace app
