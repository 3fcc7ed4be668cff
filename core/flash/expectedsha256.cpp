#include "core/flash/expectedsha256.h"

#include "core/base/checksumlist.h"
#include "core/flash/packedname.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 LargestList = qint64(1) << 20;

std::optional<QByteArray> digestIn(const QString &list, const QString &name)
{
    QFile file(list);
    if (!QFileInfo(list).isFile() || file.size() > LargestList || !file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const auto checksum = findChecksum(file.read(LargestList), name);
    if (!checksum || checksum->algorithm != DigestAlgorithm::Sha256)
        return std::nullopt;
    return checksum->digest;
}

} // namespace

ExpectedSha256 findSha256Beside(const QString &path)
{
    const QDir folder = QFileInfo(path).dir();
    QStringList names{QFileInfo(path).fileName()};
    if (const QString unpacked = packedImageName(names.first()); !unpacked.isEmpty())
        names.append(unpacked);
    for (const QString &name : names)
        for (const QString &list : {name + u".sha256"_s, u"SHA256SUMS"_s})
            if (const auto digest = digestIn(folder.filePath(list), name))
                return {*digest, folder.filePath(list)};
    return {};
}

} // namespace core
