#pragma once
#include "core/drives/drive.h"

namespace core {

/// What makes erasing an allowed drive a thing to think about twice.
enum class DriveRisk { Large, Mounted, InUse, FileSystem, Rotational };

/// The name of `risk` on the wire: "large", "mounted", "inUse", "fileSystem", "rotational".
[[nodiscard]] QLatin1StringView driveRiskName(DriveRisk risk);

/// Whether a drive may be written.
struct DriveVerdict {
    enum class Refusal {
        None,
        System,
        HoldsImage,
        LoopDevice,
        Optical,
        NoMedium,
        ReadOnly,
        Internal
    };

    Refusal refusal = Refusal::None;
    QString reason; ///< one English sentence, empty when allowed
    QList<DriveRisk> risks; ///< of refused drives too

    [[nodiscard]] bool isAllowed() const { return refusal == Refusal::None; }
    /// Whether the running system, or its own hardware, is what would be erased.
    [[nodiscard]] bool isSystem() const
    {
        return refusal == Refusal::System || refusal == Refusal::Internal;
    }
    friend bool operator==(const DriveVerdict &, const DriveVerdict &) = default;
};

/// Which drives may be written. Allowed is what can be pulled out, has a medium that can be written
/// and carries nothing of the running system; that holds for USB drives too, from which systems run.
/// Nothing is ever chosen here: a single allowed drive is no choice.
class DrivePolicy
{
public:
    enum class LoopDevices { Refused, Allowed };

    explicit DrivePolicy(LoopDevices loopDevices = LoopDevices::Refused)
        : m_loopDevices(loopDevices)
    { }

    /// `imageDrives` are the drives that the image's file lies on.
    [[nodiscard]] DriveVerdict judge(const Drive &drive,
                                     const QList<DriveIdentity> &imageDrives = {}) const;
    /// Whether the whole drive may be read: as judge(), but the drive may be read-only. `imageDrives` are
    /// those that the image is read into.
    [[nodiscard]] DriveVerdict judgeReading(const Drive &drive,
                                            const QList<DriveIdentity> &imageDrives = {}) const;

private:
    using Refusal = DriveVerdict::Refusal;
    [[nodiscard]] Refusal refusalOf(const Drive &drive,
                                    const QList<DriveIdentity> &imageDrives) const;

    const LoopDevices m_loopDevices;
};

/// Whether the running system put the mount there, by its place or in /etc/fstab.
[[nodiscard]] bool isOfSystem(const DriveMount &mount);

/// Whether a mount at `point` is part of the running system rather than a user's medium.
[[nodiscard]] bool isSystemPath(const QString &point);

} // namespace core
