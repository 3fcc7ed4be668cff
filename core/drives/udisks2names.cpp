#include "core/drives/udisks2names.h"

namespace core::udisks2 {

QString blockObject(const QString &name)
{
    QByteArray path;
    for (const char byte : name.toUtf8()) {
        const bool isPlain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z')
            || (byte >= 'A' && byte <= 'Z') || byte == '_';
        path += isPlain ? QByteArray(1, byte) : '_' + QByteArray(1, byte).toHex();
    }
    return Root + QStringLiteral("/block_devices/") + QLatin1StringView(path);
}

} // namespace core::udisks2
