#include "core/drives/writedepth.h"

namespace core {
namespace {

constexpr int OneAtATime = 2; // one under way, one waiting
constexpr int Queued = 4;

} // namespace

int writeDepth(const Drive &drive)
{
    switch (drive.bus) {
    case Bus::Usb:
        return drive.usbDriver == QLatin1StringView("uas") ? Queued : OneAtATime;
    case Bus::Sd:
    case Bus::Emmc:
    case Bus::Nvme:
    case Bus::Ata:
    case Bus::Scsi:
    case Bus::Virtio:
    case Bus::Loop:
        return Queued;
    case Bus::FireWire:
    case Bus::Unknown:
        return OneAtATime;
    }
    Q_UNREACHABLE();
}

} // namespace core
