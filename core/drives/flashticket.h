#pragma once
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/drives/drivepolicy.h"

namespace core {

/// What makes an image this one: a file replaced between asking and writing is another.
struct ImageIdentity {
    QString source; ///< absolute path, or URL
    qint64 size = -1; ///< bytes of the file; -1: unknown, as of a URL
    qint64 modifiedAt = 0; ///< milliseconds since 1970; 0: unknown
    QString sha256; ///< as asked for; empty: none
    quint64 device = 0; ///< with `inode` which file it is (stat(2)); 0: unknown
    quint64 inode = 0;
    QString bmap; ///< which bmap file goes with it (stat(2)); empty: none was given
    friend bool operator==(const ImageIdentity &, const ImageIdentity &) = default;
};

/// One drive that a flash erases, as it is shown to whoever has to agree.
struct DriveErasure {
    DriveIdentity drive;
    QString words; ///< driveWords
    QString contents; ///< erasedContents
    QList<DriveRisk> risks;
    friend bool operator==(const DriveErasure &, const DriveErasure &) = default;
};

/// `contents`, and what makes erasing them a thing to think about twice.
[[nodiscard]] QString erasedWithRisks(const DriveErasure &erasure);

/// The question whether these drives may be erased for this image, and what the answer is good for:
/// only this image, only these drives with these media in them, and only until it expires.
///
///   prepare: policy allows each drive? ─► shown ─► confirm: every drive named? not expired?
///     ─► check, before the job starts: same image, same media? ─► DriveOpener proves it again
class FlashTicket
{
public:
    struct Request {
        QString id; ///< not to be guessed
        ImageIdentity image;
        QList<Drive> drives; ///< at least one, each once
        QList<DriveIdentity> imageDrives; ///< SysfsDrives::drivesHolding of the image
        Milliseconds expiresAt{}; ///< wall time
        QString partition; ///< GPT name of what is written of each; empty: all
    };

    /// Fails with `InvalidArgument` when no drive is named or one twice, and with `Forbidden` and the
    /// policy's reason when one may not be written.
    [[nodiscard]] static Result<FlashTicket> prepare(const Request &request,
                                                     const DrivePolicy &policy);

    [[nodiscard]] QString id() const { return m_request.id; }
    [[nodiscard]] const ImageIdentity &image() const { return m_request.image; }
    [[nodiscard]] const QList<DriveErasure> &erasures() const { return m_erasures; }
    [[nodiscard]] Milliseconds expiresAt() const { return m_request.expiresAt; }
    /// What the drive of that id must be when it is opened; nullptr: the ticket is not for it.
    [[nodiscard]] const DriveIdentity *identityOf(const QString &driveId) const;

    /// Whether `erase` names every drive of the ticket, by id or serial, and nothing else. A serial
    /// that two of the drives share names neither. Fails with `ConfirmationRequired` and what would be
    /// erased when one is not named, `InvalidArgument` when a name fits none, `InvalidState` after
    /// the end.
    [[nodiscard]] Result<void> confirm(const QStringList &erase, Milliseconds wallTime) const;

    /// The same question for the drives as they are at this moment, with what is on them then. Fails
    /// as check() and prepare().
    [[nodiscard]] Result<FlashTicket>
    asOf(const ImageIdentity &image, const QList<Drive> &drives, const DrivePolicy &policy) const;

    /// Whether image and drives are still those that were shown. Fails with `InvalidState` for the
    /// image, `DeviceGone` for a drive, naming it.
    [[nodiscard]] Result<void> check(const ImageIdentity &image, const QList<Drive> &drives) const;

private:
    FlashTicket() = default;
    [[nodiscard]] bool isNamedBy(const DriveErasure &erasure, const QString &name) const;

    Request m_request;
    QList<DriveErasure> m_erasures;
};

} // namespace core
