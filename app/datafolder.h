#pragma once
#include "core/base/files.h"

#include <QUrl>

namespace app {

/// What endpoint.json tells programs of this user (DESIGN, programs).
struct Endpoint {
    QUrl url;
    qint64 pid = 0;
    QString token;
};

/// The data folder while a hub owns it: an flock(2) that the kernel releases however the process ends,
/// and endpoint.json, there only while every listener is up.
class DataFolder
{
public:
    /// Makes the folder (0700) when missing and takes it. Fails with `Busy` when another hub has it,
    /// or as fileError says.
    [[nodiscard]] static core::Result<DataFolder> take(const QString &path);
    ~DataFolder();
    DataFolder(DataFolder &&) noexcept = default;
    DataFolder &operator=(DataFolder &&) noexcept = default;
    DataFolder(const DataFolder &) = delete;
    DataFolder &operator=(const DataFolder &) = delete;

    [[nodiscard]] QString path() const { return m_path; }
    [[nodiscard]] core::Result<void> writeEndpoint(const Endpoint &endpoint) const;

private:
    DataFolder(QString path, core::FileDescriptor lock);

    QString m_path;
    core::FileDescriptor m_lock;
};

/// Where the hub of a data folder says it is. Fails with `NotFound` when none says so. A hub that was
/// killed leaves its file behind, so a refused connection means the same.
[[nodiscard]] core::Result<Endpoint> readEndpoint(const QString &dataDir);

} // namespace app
