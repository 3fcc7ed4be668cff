#include "core/download/unpackbudget.h"

#include "core/base/files.h"

#include <QFile>

#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 CheckInterval = 4_MiB;
constexpr qint64 EntryBytes = 4_KiB; ///< what an entry takes at least on most file systems

} // namespace

Result<void> UnpackBudget::takeEntry()
{
    if (++m_entries > m_limits.entries)
        return fail(ErrorCode::LimitExceeded,
                    u"the archive has more than %1 entries"_s.arg(m_limits.entries));
    return takeBytes(EntryBytes);
}

Result<void> UnpackBudget::takeBytes(qint64 bytes)
{
    m_uncheckedBytes += bytes;
    if (m_uncheckedBytes < CheckInterval)
        return {};
    m_uncheckedBytes = 0;
    return checkFree();
}

Result<void> UnpackBudget::checkFree() const
{
    struct statvfs space = {};
    if (::statvfs(QFile::encodeName(m_folder).constData(), &space) != 0)
        return fail(fileError(errno, m_folder));
    const qint64 unit = qint64(space.f_frsize);
    const qint64 kept = std::min(m_limits.bytesKeptFree, qint64(space.f_blocks) * unit / 20);
    const qint64 free = qint64(space.f_bavail) * unit;
    if (free >= kept)
        return {};
    return fail(ErrorCode::NoSpace,
                u"what is unpacked fills the disk of %1: %2 bytes are free, %3 stay so"_s.arg(
                    m_folder, QString::number(free), QString::number(kept)));
}

} // namespace core
