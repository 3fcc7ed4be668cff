#include "ui/text/drivetext.h"

#include "ui/text/jobtext.h"

#include <QCoreApplication>
#include <QLocale>

namespace ui {
namespace {

using namespace Qt::StringLiterals;
using core::Bus;
using core::DriveRisk;
using core::ErrorCode;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(DriveText)
};

} // namespace

QString driveName(const core::Drive &drive)
{
    const QString name = u"%1 %2"_s.arg(drive.vendor, drive.model).simplified();
    return name.isEmpty() ? drive.path : name;
}

QString driveMarks(const core::Drive &drive)
{
    QStringList marks{drive.path, driveSize(drive.size)};
    if (!drive.serial.isEmpty())
        marks.append(Text::tr("serial %1").arg(drive.serial));
    marks.removeAll(QString());
    return marks.join(u" · "_s);
}

QString driveSize(qint64 bytes)
{
    return bytes <= 0 ? QString()
                      : QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

QString busText(Bus bus)
{
    switch (bus) {
    case Bus::Unknown:
        return Text::tr("Unknown");
    case Bus::Usb:
        return Text::tr("USB");
    case Bus::Sd:
        return Text::tr("SD card");
    case Bus::Emmc:
        return Text::tr("Built-in eMMC");
    case Bus::Nvme:
        return Text::tr("NVMe");
    case Bus::Ata:
        return Text::tr("SATA");
    case Bus::Scsi:
        return Text::tr("SCSI");
    case Bus::Virtio:
        return Text::tr("Virtual");
    case Bus::FireWire:
        return Text::tr("FireWire");
    case Bus::Loop:
        return Text::tr("Loop device");
    }
    return {};
}

QString riskText(DriveRisk risk)
{
    switch (risk) {
    case DriveRisk::Large:
        return Text::tr("large");
    case DriveRisk::Mounted:
        return Text::tr("mounted");
    case DriveRisk::InUse:
        return Text::tr("in use");
    case DriveRisk::FileSystem:
        return Text::tr("holds files");
    case DriveRisk::Rotational:
        return Text::tr("hard disk");
    }
    return {};
}

QString verdictText(const core::DriveVerdict &verdict)
{
    if (!verdict.isAllowed())
        return verdict.reason;
    QStringList risks;
    for (const DriveRisk risk : verdict.risks)
        risks.append(riskText(risk));
    return risks.isEmpty() ? Text::tr("Can be written")
                           : Text::tr("Can be written; careful: %1").arg(risks.join(u", "_s));
}

QString erasureText(const QString &contents)
{
    return Text::tr("Everything on it is erased: %1.").arg(contents);
}

QString flashQuestionText(const QString &asker, const QString &image)
{
    return Text::tr("“%1” wants to erase these drives and write %2 to them.").arg(asker, image);
}

QString flashFailedText(const core::Error &error)
{
    if (error.code == ErrorCode::Forbidden)
        return Text::tr("Dray does not write this: %1").arg(error.context);
    if (error.code == ErrorCode::NotFound)
        return Text::tr("The drive is not there: %1").arg(error.context);
    if (error.code == ErrorCode::ConfirmationRequired)
        return Text::tr("It was not clear what to erase, so nothing was: %1").arg(error.context);
    return errorText(error);
}

QString mayBePulledOutText(const QString &name)
{
    return Text::tr("%1 may be pulled out.").arg(name);
}

QString driveLostText(const QString &name)
{
    return Text::tr("%1 was unplugged or changed, so it was left out.").arg(name);
}

} // namespace ui
