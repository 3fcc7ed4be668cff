#include "core/drives/bootid.h"

#include "core/drives/blockstack.h"

namespace core {

QString bootId()
{
    return QString::fromLatin1(smallFile(QStringLiteral("/proc/sys/kernel/random/boot_id")));
}

} // namespace core
