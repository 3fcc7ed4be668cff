#pragma once
#include "ui/commands.h"

#include <memory>

class QObject;

namespace ui {

class Mailbox;

/// The window's commands, carried to the hub thread as the person at the machine; answers come back.
///
/// Threads: used on the UI thread. `service` and `hubContext` live on the hub thread and outlive it.
class HubCommands final : public Commands
{
public:
    HubCommands(core::JobService &service, QObject *hubContext);
    ~HubCommands() override;
    HubCommands(const HubCommands &) = delete;
    HubCommands &operator=(const HubCommands &) = delete;

    void addDownload(const core::DownloadSpec &spec, Added answer) override;
    void tell(core::JobId id, JobVerb verb, Answer answer) override;
    void remove(core::JobId id, core::RemoveFiles files, Answer answer) override;

private:
    core::JobService &m_service;
    QObject *m_hubContext;
    std::shared_ptr<Mailbox> m_mailbox;
};

} // namespace ui
