#pragma once
#include "core/download/downloadsource.h"
#include "core/download/overlap.h"
#include "core/download/rangeplanner.h"
#include "core/download/retrywait.h"

#include <QEventLoop>

#include <stop_token>

namespace core {

/// The first request of a run: finds out what the server has and can do, and stays open as the
/// first segment, so that finding out costs no round trip.
///
///   GET with Range → the accept rule
///     Write, WholeFile, Empty, Changed: answered
///     Unproven: answered when the overlap can prove it, else as Changed
///     WholeFile to a request with If-Range: asked again without it
///     Violation: a mirror is asked for what is missing, else the same server again without
///     Range → whole file, or the job fails
///     Refused or broken: the next mirror is asked, else waited and asked again as RetryWait says
///
/// An unknown host and a refused connection fail a job's very first request at once, so that a
/// mistyped address is told immediately.
/// Threads: made and run on the job's thread.
class Probe final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Probe)
public:
    struct Answer {
        Verdict verdict = Verdict::Refused;
        AskedRange asked;
        ResponseHead head;
        /// The body goes on from the bytes that are here.
        bool joins = false;
        /// Open with its body unread.
        std::unique_ptr<HttpFetch> fetch;
    };
    /// What is asked for, and what is here already.
    struct Question {
        /// The first bytes that are missing.
        ByteRange gap{0, RangePlanner::UnknownSize};
        /// Asked for together with them.
        Overlap overlap;
        /// The identity of the bytes that are here, null when none are.
        const RemoteIdentity *known = nullptr;
    };

    Probe(DownloadSource &source, const RetryPolicy &policy, ProgressCell &progress);

    /// nullopt when `stop` came first.
    [[nodiscard]] Result<std::optional<Answer>> run(const Question &question,
                                                    const std::stop_token &stop);

private:
    void ask();
    void onHead(const ResponseHead &head);
    void askAgain();
    void askUnconditionally();
    void answer();
    void onViolation(const ResponseHead &head);
    void onFailed(const Error &error, std::chrono::milliseconds retryAfter);
    void endWith(std::optional<Error> error);

    DownloadSource &m_source;
    ProgressCell &m_progress;
    RetryWait m_retry;
    QEventLoop m_loop;
    Question m_question;
    AskedRange m_asked;
    std::unique_ptr<HttpFetch> m_fetch;
    Answer m_answer;
    std::optional<Error> m_error;
};

} // namespace core
