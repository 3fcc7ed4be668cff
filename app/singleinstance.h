#pragma once
#include "core/base/result.h"

#include <QLocalServer>

namespace app {

/// How a second start of `dray` hands its arguments to the first: a socket in the data folder that
/// only this user can open.
/// Threads: the UI thread.
class SingleInstance final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SingleInstance)
public:
    explicit SingleInstance(const QString &dataDir, QObject *parent = nullptr);

    /// Listens for later starts. Call it while the data folder is ours.
    [[nodiscard]] core::Result<void> listen();

    /// Hands `arguments` to the window that runs with this data folder. False when there is none
    /// (nobody, or a `drayd`).
    [[nodiscard]] static bool handOver(const QString &dataDir, const QStringList &arguments);

signals:
    /// A later start said this; an empty list asks only to show the window.
    void argumentsReceived(const QStringList &arguments);

private:
    void onConnection();

    QString m_path;
    QLocalServer m_server;
};

} // namespace app
