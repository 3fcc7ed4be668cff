#include "core/flash/namedpartition.h"

#include "core/base/quoted.h"
#include "core/flash/drivepart.h"
#include "core/flash/gpt.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

Result<GptPartition> findPartition(BlockDevice &drive, const QString &name)
{
    const auto read = [&drive](qint64 offset, qint64 bytes) -> Result<QByteArray> {
        AlignedBuffer buffer(bytes);
        if (const auto done = drive.read(offset, buffer.all()); !done)
            return fail(done.error());
        return QByteArray(buffer.all().data(), bytes);
    };
    const auto partitions = readGpt({drive.size(), drive.blockBytes(), read});
    return partitions ? partitionNamed(name, *partitions) : fail(partitions.error());
}

} // namespace

OpenDrive openPartition(OpenDrive openDrive, const QString &name)
{
    return [openDrive = std::move(openDrive),
            name](const QString &id,
                  const std::stop_token &stop) -> Result<std::unique_ptr<BlockDevice>> {
        auto drive = openDrive(id, stop);
        if (!drive || !*drive)
            return drive;
        const QString path = (*drive)->name();
        const auto found = findPartition(**drive, name);
        if (!found)
            return fail(found.error().code, u"%1: %2"_s.arg(path, found.error().context));
        return DrivePart::make(std::move(*drive), {found->offset, found->bytes},
                               u"partition \"%1\" of %2"_s.arg(quotable(name), path));
    };
}

} // namespace core
