#pragma once
#include "core/base/principal.h"
#include "core/drives/drivelist.h"
#include "core/drives/drivetrace.h"
#include "core/flash/flashspec.h"
#include "core/imagesurvey.h"
#include "core/jobs/jobtypes.h"

namespace core {

struct TargetRules;

/// A flash that was agreed to, as a job keeps it.
struct AgreedFlash {
    FlashSpec spec;
    /// The drives as they were when that was agreed, in the order of the spec.
    QList<DriveIdentity> drives;
    ImageIdentity image;
    /// bootId() when that was agreed.
    QString boot;
    /// It relies on a yes that may have been used: see flashagain.h.
    bool isAgain = false;
    /// By drive, as far as that is known.
    QList<DriveTrace> traces;
    /// The stored spec of the download that feeds it, as it was checked for who asked; empty: none does.
    QByteArray download;
    /// SHA-256 of what was downloaded, in hexadecimal; empty until it was.
    QString downloaded;

    /// That of the drive, which else was touched and nobody knows more.
    [[nodiscard]] DriveTrace traceOf(const QString &drive) const;
    friend bool operator==(const AgreedFlash &, const AgreedFlash &) = default;
};

/// Makes the ticket and the job of a flash that is asked for.
///
///   complete ─► (ImageSurveyor) ─► ticketFor ─┬─► questionFor: waits for a yes, agrees to nothing
///                                          └─► FlashTicket::confirm ─► jobFor
///
/// Threads: used on the hub thread; touches no drive and no file.
class FlashIntake
{
public:
    explicit FlashIntake(const DriveList &drives)
        : m_drives(drives)
    { }

    /// What `who` asks for, with the image that a partition alone means, `<partition>.img` in the folder of
    /// images, and clean paths; before anybody looks at a file. Fails as checkSpec() does, with
    /// `InvalidArgument` when there is no such folder or name, and with `Forbidden` for files outside of the
    /// folders.
    [[nodiscard]] static Result<FlashSpec>
    complete(const Principal &who, FlashSpec spec, const TargetRules &rules);
    /// Where the files of `who` must really lie: ImageSurveyor::look. Empty: anywhere.
    [[nodiscard]] static QStringList foldersFor(const Principal &who, const TargetRules &rules);

    /// Drives may be named by id or by path. Fails with `NotFound` for a drive that there is not, else
    /// as FlashTicket::prepare(). `id` and the end are the ticket's.
    [[nodiscard]] Result<FlashTicket> ticketFor(const FlashSpec &spec,
                                                const ImageSurvey &survey,
                                                const QString &id,
                                                Milliseconds expiresAt) const;

    /// A job that awaits confirmation. No worker can be made of it: its spec agrees to nothing.
    [[nodiscard]] static JobSnapshot
    questionFor(const Principal &who, const FlashSpec &spec, const FlashTicket &ticket);
    /// A job that may start; `ticket` was confirmed.
    [[nodiscard]] static JobSnapshot jobFor(const Principal &who,
                                            const FlashSpec &spec,
                                            const FlashTicket &ticket,
                                            const QList<SeenDrive> &seen = {},
                                            const QByteArray &download = {});
    /// Its stored spec. `seen` is what the drives are like at this moment, `download` the stored spec of
    /// what feeds it.
    [[nodiscard]] static QByteArray agreedSpec(const FlashSpec &spec,
                                               const FlashTicket &ticket,
                                               const QList<SeenDrive> &seen = {},
                                               const QByteArray &download = {});

private:
    [[nodiscard]] Result<QList<Drive>> drivesOf(const FlashSpec &spec) const;

    const DriveList &m_drives;
};

} // namespace core
