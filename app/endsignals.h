#pragma once
#include "core/base/files.h"

#include <QObject>

#include <memory>

class QSocketNotifier;

namespace app {

/// SIGINT, SIGTERM and SIGHUP as a Qt signal, through signalfd(2), so that the program ends in order.
/// Child processes inherit the blocked mask: whoever starts one must clear it.
class EndSignals final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EndSignals)
public:
    /// Keeps these signals from ending the process at once. Call it first in main, before any thread
    /// starts: threads inherit it.
    static void block();

    explicit EndSignals(QObject *parent = nullptr);
    ~EndSignals() override;

signals:
    void endRequested();

private:
    void onSignal();

    core::FileDescriptor m_descriptor;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace app
