#pragma once
#include "ui/commands.h"

#include <memory>

class QObject;

namespace core {
class FlashService;
class Settings;
} // namespace core

namespace ui {

class Mailbox;

/// The window's commands, carried to the hub thread as the person at the machine; answers come
/// back.
///
/// Threads: used on the UI thread. The doors and `hubContext` live on the hub thread
/// and outlive it.
class HubCommands final : public Commands
{
public:
    struct Doors {
        core::JobService &jobs;
        core::FlashService &flashes;
        core::DriveService &driveWork;
        core::Settings &settings;
    };
    HubCommands(const Doors &doors, QObject *hubContext);
    ~HubCommands() override;
    HubCommands(const HubCommands &) = delete;
    HubCommands &operator=(const HubCommands &) = delete;

    void add(const core::JobService::AddDownload &request, Added answer) override;
    void listCategories(Names answer) override;
    void findTwin(const QUrl &url, Added answer) override;
    void tell(core::JobId id, JobVerb verb, Answer answer) override;
    void move(core::JobId id, core::QueuePlace place, Answer answer) override;
    void setLimit(core::JobId id, qint64 bytesPerSecond, Answer answer) override;
    void setTotalLimit(qint64 bytesPerSecond, Answer answer) override;
    void listSettings(SettingList answer) override;
    void setSetting(const QString &key, const QVariant &value, Answer answer) override;
    void refreshUrl(core::JobId id, const QUrl &url, Answer answer) override;
    void flash(const FlashOrder &order, Added answer) override;
    void work(const DriveOrder &order, Added answer) override;
    void eject(const core::DriveIdentity &seen, Answer answer) override;
    void agree(core::JobId id, const QStringList &erase, Answer answer) override;
    void remove(core::JobId id, core::RemoveFiles files, Answer answer) override;

private:
    using Call = std::function<core::Result<void>()>;
    void post(Call call, Answer answer);

    core::JobService &m_service;
    core::FlashService &m_flashes;
    core::DriveService &m_driveWork;
    core::Settings &m_settings;
    QObject *m_hubContext;
    std::shared_ptr<Mailbox> m_mailbox;
};

} // namespace ui
