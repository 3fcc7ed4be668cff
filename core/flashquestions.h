#pragma once
#include "core/base/principal.h"
#include "core/drives/flashticket.h"
#include "core/flash/flashspec.h"
#include "core/jobs/jobtypes.h"

#include <map>

namespace core {

/// A flash that waits for a yes, as whoever may say it is shown it.
struct FlashQuestion {
    JobId job;
    QString owner;
    QString asker; ///< name of the principal who wants it
    QString image; ///< absolute path, or URL
    /// What makes the writing less than whole and verified, in words; empty: nothing.
    QStringList cautions;
    QList<DriveErasure> erasures;
    Milliseconds expiresAt{}; ///< wall time
    friend bool operator==(const FlashQuestion &, const FlashQuestion &) = default;
};

/// The questions that wait for an answer. They are not stored: a yes is good for drives that nobody
/// could have changed meanwhile.
///
/// Threads: used on the hub thread.
class FlashQuestions
{
public:
    /// Of one owner at a time.
    static constexpr qsizetype MaxOpen = 32;

    struct Open {
        FlashQuestion question;
        FlashTicket ticket;
        FlashSpec spec;
        Principal asker;
    };

    /// 256 random bits, base64url.
    [[nodiscard]] static QString randomTicket();

    void add(Open open);
    /// The question with the ticket `id`, or of the job; nullptr when there is none that `who` may
    /// see. Valid until the next change.
    [[nodiscard]] const Open *findTicket(const Principal &who, const QString &id) const;
    [[nodiscard]] const Open *findJob(const Principal &who, JobId job) const;
    /// Is no question any more; false when it was none.
    bool close(JobId job) { return m_open.erase(job) > 0; }

    /// By job, what `who` may see.
    [[nodiscard]] QList<FlashQuestion> visibleTo(const Principal &who) const;
    [[nodiscard]] qsizetype countOf(const QString &owner) const;
    [[nodiscard]] QList<JobId> expiredAt(Milliseconds wallTime) const;
    [[nodiscard]] std::optional<Milliseconds> nextExpiry() const;
    struct Update {
        QList<JobId> changed; ///< something else would be erased
        QList<std::pair<JobId, Error>>
            ended; ///< to be closed: a drive is gone, or may not be written
    };
    /// The drives are these.
    [[nodiscard]] Update update(const QList<Drive> &drives, const DrivePolicy &policy);

private:
    std::map<JobId, Open> m_open;
};

} // namespace core
