#include "core/drives/bootid.h"

#include <QFile>

namespace core {

QString bootId(const SystemRoots &roots)
{
    QFile file(roots.proc + QStringLiteral("/sys/kernel/random/boot_id"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QString::fromLatin1(file.readAll()).trimmed();
}

} // namespace core
