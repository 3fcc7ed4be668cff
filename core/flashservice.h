#pragma once
#include "core/flashintake.h"
#include "core/flashquestions.h"
#include "core/jobadmission.h"

#include <QTimer>

namespace core {

class FlashDownloads;
class JobRegistry;
class JobStore;

/// The command door to drives: what they are, and writing images to them. Like JobService it checks
/// who asks and what is asked; a scope that is missing answers `Forbidden` naming the scope, and what
/// the principal may not see `NotFound`.
///
/// Nothing is erased without a yes that names every drive:
///
///   prepare (scope add) ─► question, a job that is held ─► confirm (scope flash) ─► checked ─► queued
///                          ├─ 10 minutes ─► canceled          image or drive is another ─► failed
///                          └─ a drive is pulled out ─► failed
///   add (scope flash): question and answer in one
///
/// What was agreed is proven once more on the open descriptor: openAgreed().
///
/// Threads: lives on the hub thread; every call is made there and none of them waits.
class FlashService final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FlashService)
public:
    /// How long a question waits for its answer.
    static constexpr Milliseconds QuestionLifetime = std::chrono::minutes(10);
    /// The longest wait before the wall clock, which may jump, is asked again.
    static constexpr Milliseconds LongestWait = std::chrono::seconds(30);

    struct Surroundings {
        const Clock &clock;
        JobRegistry &registry;
        JobStore &store;
        const DriveList &drives;
        FlashDownloads &downloads;
        /// Where images may lie that others than the admin name; asked at every command.
        std::function<TargetRules()> targetRules;
    };
    struct Request {
        FlashSpec spec;
        /// As JobService::AddDownload::idem.
        QString idem = {};
        /// JobSnapshot::workflow of the job.
        QString workflow = {};
        /// What the drives must still be, as namedDrives() said; empty: whatever they are.
        QList<DriveIdentity> pinned = {};
        /// Asked at the last moment before there is a job, since images are looked at first. Empty: it is.
        std::function<bool()> isStillWanted = {};
    };
    using Added = JobAdmission::Answer;
    struct Prepared {
        QString ticket;
        JobSnapshot job;
        FlashQuestion question;
    };
    /// Called once, on the hub thread, possibly before prepare() returns.
    using PreparedAnswer = std::function<void(const Result<Prepared> &)>;
    /// A yes to the question with the ticket, or of the job when `ticket` is empty.
    struct Yes {
        QString ticket;
        JobId job;
        QStringList erase; ///< ids or serials, naming every drive
    };

    explicit FlashService(Surroundings surroundings, QObject *parent = nullptr);
    ~FlashService() override;

    /// Scope flash. Answers when the job is committed to disk, or why it is not and will not be: as
    /// prepare(), for a URL as JobService::addDownload() too, and with `ConfirmationRequired` saying what
    /// would be erased unless the spec's `erase` names every drive.
    void add(const Principal &who, Request request, Added answer);
    /// Scope add. Asks the local user. Fails as FlashIntake does, and with `LimitExceeded` when too
    /// many questions of the owner are open.
    void prepare(const Principal &who, FlashSpec spec, PreparedAnswer answer)
    {
        prepare(who, Request{std::move(spec)}, std::move(answer));
    }
    void prepare(const Principal &who, Request request, PreparedAnswer answer);
    /// Scope add. The drives of a flash that is asked for later, as they are at this moment. Fails as
    /// prepare(), and as add() when who has the scope flash and says what to erase; looks at no image.
    [[nodiscard]] Result<QList<DriveIdentity>> namedDrives(const Principal &who,
                                                           FlashSpec spec) const;
    /// Scope flash. Answers with the job, queued. A question that is not answered in full stays open:
    /// as FlashTicket::confirm(), `Forbidden` without the scope. `NotFound` when there is no such
    /// question (any more). When image or drives are others by then, it and its job fail with the
    /// error of FlashTicket::asOf().
    void confirm(const Principal &who, const Yes &yes, Added answer);

    /// Scope read. The open questions that `who` may see, by job.
    [[nodiscard]] Result<QList<FlashQuestion>> questions(const Principal &who) const;
    /// Scope read. All drives by path, system drives too.
    [[nodiscard]] Result<QList<JudgedDrive>> drives(const Principal &who) const;

    /// Ends the questions whose time is over. Called by a timer of its own; tests call it too.
    void expire();
    /// Waits at most `timeout` for images that are being looked at. False when one still is.
    [[nodiscard]] bool stopForExit(Milliseconds timeout);

signals:
    /// questions() answers something else.
    void questionsChanged();

private:
    [[nodiscard]] Result<std::optional<JobSnapshot>> downloadFor(const Principal &who,
                                                                 const FlashSpec &spec) const;
    void addSurveyed(const Principal &who,
                     const Request &request,
                     const ImageSurvey &survey,
                     const Added &answer);
    void ask(const Principal &who,
             const Request &request,
             const ImageSurvey &survey,
             const PreparedAnswer &answer);
    [[nodiscard]] Result<void> start(const FlashQuestions::Open &agreed,
                                     const QList<SeenDrive> &seen);
    void release(const FlashQuestions::Open &agreed,
                 const Result<ImageSurvey> &survey,
                 const Added &answer);
    void close(JobId job);
    void onEvents(const JobEvents &events);
    void onDrivesChanged();
    void setTimer();
    [[nodiscard]] QList<Drive> drivesThere() const;

    Surroundings m_surroundings;
    FlashIntake m_intake;
    JobAdmission m_admission;
    ImageSurveyor m_surveyor;
    FlashQuestions m_questions;
    QTimer m_timer; // until the next question expires
};

} // namespace core
