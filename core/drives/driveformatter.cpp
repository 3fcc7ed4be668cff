#include "core/drives/driveformatter.h"

#include "core/base/units.h"
#include "core/drives/udisks2names.h"

#include <QDBusArgument>

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 MostForMbr = 2048_GiB; // 32-bit block numbers, blocks of 512 bytes
constexpr qint64 FirstByte = 1_MiB; // aligned to whatever a drive erases at once

constexpr int BusyAttempts = 10;
constexpr std::chrono::milliseconds BusyPause{300};

/// UDisks2's name for it.
QString typeOf(NewFileSystem::Kind kind)
{
    switch (kind) {
    case NewFileSystem::Kind::ExFat:
        return u"exfat"_s;
    case NewFileSystem::Kind::Fat32:
        return u"vfat"_s;
    }
    return {};
}

QVariantMap formatOptions(const NewFileSystem &fileSystem)
{
    QVariantMap options{{u"update-partition-type"_s, true}};
    // Windows shows lower-case labels of FAT32 wrongly.
    const bool isFat = fileSystem.kind == NewFileSystem::Kind::Fat32;
    if (!fileSystem.label.isEmpty())
        options.insert(u"label"_s, isFat ? fileSystem.label.toUpper() : fileSystem.label);
    return options;
}

QVariant uint64(qint64 number)
{
    return QVariant::fromValue(qulonglong(number));
}

} // namespace

DriveFormatter::DriveFormatter(SysfsDrives reader, QDBusConnection bus)
    : m_reader(std::move(reader))
    , m_udisks(std::move(bus))
{ }

Result<void> DriveFormatter::checkPossible(NewFileSystem::Kind kind) const
{
    if (!m_udisks.isReachable())
        return fail(ErrorCode::Unsupported, u"formatting needs UDisks2, which is not here"_s);
    const auto answer =
        m_udisks.ask(udisks2::ControlObject, udisks2::Control, u"CanFormat"_s, {typeOf(kind)});
    if (!answer)
        return fail(answer.error());
    bool isPossible = false;
    QString missing;
    const auto argument = answer->value(0).value<QDBusArgument>();
    argument.beginStructure();
    argument >> isPossible >> missing;
    argument.endStructure();
    if (isPossible)
        return {};
    return fail(ErrorCode::Unsupported,
                u"%1 cannot be made here: the program %2 is missing"_s.arg(newFileSystemName(kind),
                                                                           missing));
}

Result<void> DriveFormatter::format(const DriveIdentity &drive,
                                    const NewFileSystem &fileSystem,
                                    const std::stop_token &stop) const
{
    const auto path = pathOf(drive);
    if (!path)
        return fail(path.error());
    const QString object = udisks2::blockObject(path->mid(5));
    const QString table = drive.size <= MostForMbr ? u"dos"_s : u"gpt"_s;
    const QVariantList partition{uint64(FirstByte), uint64(0),     QString(),
                                 QString(),         QVariantMap(), typeOf(fileSystem.kind)};
    const auto made =
        callPatiently({object, udisks2::Block, u"Format"_s, {table}, {}}, stop).and_then([&] {
            return callPatiently({object, udisks2::PartitionTable, u"CreatePartitionAndFormat"_s,
                                  partition, formatOptions(fileSystem)},
                                 stop);
        });
    if (!made)
        return fail(made.error().code, u"%1: %2"_s.arg(*path, made.error().context));
    return {};
}

Result<void> DriveFormatter::callPatiently(const UDisks2::Call &call,
                                           const std::stop_token &stop) const
{
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any stopped;
    for (int attempt = 1;; ++attempt) {
        const auto answer = m_udisks.call(call, stop);
        if (answer)
            return {};
        if (answer.error().code != ErrorCode::DeviceBusy || attempt == BusyAttempts)
            return fail(answer.error());
        stopped.wait_for(lock, stop, BusyPause, [] { return false; });
    }
}

Result<QString> DriveFormatter::pathOf(const DriveIdentity &identity) const
{
    for (const Drive &drive : m_reader.read())
        if (drive.identity().isSameMedium(identity))
            return drive.path;
    return fail(ErrorCode::DeviceGone, u"%1 was pulled out or swapped"_s.arg(identity.id));
}

} // namespace core
