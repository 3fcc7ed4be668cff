#pragma once
#include <QString>
#include <QTemporaryFile>

namespace tests {

/// Runs a program of the system to its end; whether it ended with 0 within 30 s.
[[nodiscard]] bool runs(const QString &program, const QStringList &arguments);

/// A real loop device over a file of its own, which stands for a drive. It is taken down, and
/// unmounted before, when this ends.
class LoopDrive
{
public:
    explicit LoopDrive(qint64 bytes, int blockBytes = 512);
    ~LoopDrive();
    Q_DISABLE_COPY_MOVE(LoopDrive)

    /// False where the system allows no loop devices.
    [[nodiscard]] bool isThere() const { return !m_path.isEmpty(); }
    [[nodiscard]] QString path() const { return m_path; }
    /// The kernel's name, which is its id as a drive.
    [[nodiscard]] QString name() const { return m_path.mid(5); }
    /// Takes the device down, as if it were pulled out.
    void unplug();
    /// Puts a medium of that size under the same name.
    void plug(qint64 bytes, int blockBytes = 512);
    /// Makes an ext4 on it and mounts that at `point`, a folder.
    [[nodiscard]] bool mountFileSystem(const QString &label, const QString &point);

private:
    QTemporaryFile m_file;
    QString m_path;
    QString m_point;
};

} // namespace tests
