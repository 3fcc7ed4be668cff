#pragma once
#include "app/datafolder.h"
#include "app/options.h"
#include "core/jobs/jobtypes.h"

#include <QObject>

#include <memory>

namespace core {
class AgentBoard;
class DriveList;
class DriveService;
class FlashService;
class JobRegistry;
class JobService;
class Pairings;
class Settings;
class Tokens;
class Workflows;
} // namespace core

namespace app {

/// Everything behind the windows and the wires: store, registry, service, feed and server, built in
/// this order and ended in the opposite one.
///
///   start(): open database → load settings, tokens, jobs → restore jobs → listen → endpoint.json
///   stop():  close sockets → stop workers → close database → stopped()
///
/// Threads: lives on the thread that makes it, the hub thread.
class Hub final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Hub)
public:
    /// `folder` is ours until the hub ends.
    Hub(HubOptions options, DataFolder folder);
    ~Hub() override;

    /// Fails with what cannot be opened or listened on, naming it. Nothing runs then.
    [[nodiscard]] core::Result<void> start();

    [[nodiscard]] core::JobRegistry &registry();
    [[nodiscard]] core::JobService &service();
    [[nodiscard]] core::FlashService &flashes();
    [[nodiscard]] const core::DriveList &drives();
    [[nodiscard]] core::DriveService &driveWork();
    [[nodiscard]] core::Workflows &workflows();
    [[nodiscard]] const core::AgentBoard &agents();
    [[nodiscard]] core::Settings &settings();
    [[nodiscard]] core::Pairings &pairings();
    [[nodiscard]] core::Tokens &tokens();
    /// Where the page is, without a login.
    [[nodiscard]] QUrl pageUrl() const;
    /// The page's address with a one-time login in it, good for 60 s.
    [[nodiscard]] QUrl makeLoginUrl();
    /// SHA-256 of the certificate in hexadecimal; empty when no listener speaks TLS.
    [[nodiscard]] QString certificateFingerprint() const;
    /// Where a damaged database was put aside at start; empty when it was sound.
    [[nodiscard]] QString damagedDatabase() const { return m_damagedDatabase; }

    /// Ends in order; `stopped` follows within some seconds. Jobs keep their states and go on at the
    /// next start.
    void stop();
    /// A worker or the store did not end (a dying drive): leave the process without destructors.
    [[nodiscard]] bool isStuck() const { return m_isStuck; }

signals:
    /// Changes cannot be written; nothing is lost yet.
    void storeFailed(const core::Error &error);
    void storeRecovered();
    void stopped();

private:
    struct Parts;
    [[nodiscard]] core::Result<void> openStore();
    void restoreJobs(const QList<core::JobSnapshot> &jobs);
    void takeUpAgents();
    [[nodiscard]] core::Result<void> makeDownloadFolder();
    [[nodiscard]] core::Result<void> serve();
    [[nodiscard]] core::Result<void> addRoutes();
    void useJwtKeys();
    void applyQueueLimits();
    void finishStop();

    HubOptions m_options;
    DataFolder m_folder;
    QString m_damagedDatabase;
    bool m_isStuck = false;
    std::unique_ptr<Parts> m_parts;
};

} // namespace app
