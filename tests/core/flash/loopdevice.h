#pragma once
#include "core/base/files.h"

#include <QString>

namespace tests {

/// A loop device over a file of the test, with sectors of the size wanted; detached at the end.
/// Needs the right to make one: isAttached() is false without it, and why() says what was said.
class LoopDevice
{
public:
    enum class Access { ReadWrite, ReadOnly };

    LoopDevice(const QString &file, int sectorBytes, Access access = Access::ReadWrite);
    ~LoopDevice();
    LoopDevice(const LoopDevice &) = delete;
    LoopDevice &operator=(const LoopDevice &) = delete;

    [[nodiscard]] bool isAttached() const { return !m_path.isEmpty(); }
    [[nodiscard]] const QString &path() const { return m_path; }
    [[nodiscard]] const QByteArray &why() const { return m_why; }
    /// Opened as a flash opens a drive: exclusively and past the page cache.
    [[nodiscard]] core::Result<core::FileDescriptor> open() const;

private:
    QString m_path;
    QByteArray m_why;
};

} // namespace tests
