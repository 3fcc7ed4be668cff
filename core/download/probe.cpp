#include "core/download/probe.h"

#include "core/base/shownurl.h"

namespace core {

using namespace Qt::StringLiterals;

Probe::Probe(DownloadSource &source, const RetryPolicy &policy, ProgressCell &progress)
    : m_source(source)
    , m_progress(progress)
    , m_retry(policy, progress)
{
    connect(&m_retry, &RetryWait::due, this, &Probe::ask);
}

Result<std::optional<Probe::Answer>> Probe::run(const Question &question,
                                                const std::stop_token &stop)
{
    m_question = question;
    const ByteRange gap = question.gap;
    // Bytes behind the gap that are here already are not asked for again.
    const bool isOpenEnded = !question.known || gap.end == question.known->size;
    m_asked = {{gap.begin - question.overlap.bytes, gap.end}, isOpenEnded, true};
    const std::stop_callback onStop(stop, [this] {
        QMetaObject::invokeMethod(
            &m_loop, [this] { m_loop.exit(1); }, Qt::QueuedConnection);
    });
    QMetaObject::invokeMethod(this, &Probe::ask, Qt::QueuedConnection);
    const bool isStopped = m_loop.exec() != 0;
    if (m_error)
        return fail(*m_error);
    if (isStopped || stop.stop_requested())
        return std::optional<Answer>();
    m_answer.fetch = std::move(m_fetch);
    return std::optional(std::move(m_answer));
}

void Probe::ask()
{
    m_progress.enter(Stage::Resolving);
    m_fetch = m_source.fetch(0, m_asked, m_question.known);
    m_asked.isConditional = m_fetch->isConditional();
    connect(m_fetch.get(), &HttpFetch::headReady, this, &Probe::onHead);
    connect(m_fetch.get(), &HttpFetch::ended, this, [this](const FetchEnd &end) {
        const Error silent{ErrorCode::Network, u"%1: no answer"_s.arg(m_source.shownUrl())};
        onFailed(end.error.value_or(silent), {});
    });
    m_fetch->start();
}

void Probe::onHead(const ResponseHead &head)
{
    const Verdict verdict = m_source.judge(m_asked, m_question.known, head);
    const bool isPart = verdict == Verdict::Write || verdict == Verdict::Unproven;
    m_answer = {verdict, m_asked, head, isPart && m_question.known, nullptr};
    const bool isAnswered = verdict != Verdict::Refused && verdict != Verdict::Violation;
    if (const auto wrong = isAnswered ? m_source.wrongFile(head) : std::nullopt)
        return m_source.leaveOut() ? askAgain() : endWith(wrong);
    switch (verdict) {
    case Verdict::Unproven:
        if (m_question.overlap.proves)
            return answer();
        m_answer.verdict = Verdict::Changed; // nothing says that it is the file that is here
        m_answer.joins = false;
        return m_source.leaveOut() ? askAgain() : answer();
    case Verdict::Write:
    case Verdict::WholeFile:
        if (verdict == Verdict::WholeFile && m_fetch->isConditional())
            return askUnconditionally();
        [[fallthrough]];
    case Verdict::Changed:
        // It cannot go on from what is here; another may.
        if (m_question.known && !m_answer.joins && m_source.leaveOut())
            return askAgain();
        [[fallthrough]];
    case Verdict::Empty:
        return answer();
    case Verdict::Violation:
        return onViolation(head);
    case Verdict::Refused:
        m_fetch->abort();
        const Error error =
            m_question.known ? m_source.refusalWithBytes(head) : m_source.refusal(head);
        if (!isTransientStatus(head.status))
            return m_source.moveOn() ? askAgain() : endWith(error);
        return onFailed(error, head.retryAfter);
    }
}

void Probe::answer()
{
    m_source.onAnswered(m_answer.head);
    m_retry.onProgress();
    m_fetch->disconnect(this); // its end belongs to whoever takes it over
    endWith(std::nullopt);
}

void Probe::askAgain()
{
    m_fetch->abort();
    QMetaObject::invokeMethod(this, &Probe::ask, Qt::QueuedConnection);
}

/// The same file, whole, although a range was asked for: it may be the condition that it minds.
void Probe::askUnconditionally()
{
    m_source.askUnconditionally();
    askAgain();
}

void Probe::onViolation(const ResponseHead &head)
{
    if (m_question.known && m_source.leaveOut())
        return askAgain(); // what is here is kept
    if (m_asked.hasRangeHeader) {
        m_asked = {{0, RangePlanner::UnknownSize}, true, false};
        return askAgain();
    }
    m_fetch->abort();
    onFailed(
        Error{ErrorCode::ProtocolViolation,
              u"%1 answered %2 with content coding \"%3\" although the plain file was asked for"_s
                  .arg(shownUrl(head.url), QString::number(head.status),
                       QString::fromLatin1(head.contentEncoding))},
        {});
}

void Probe::onFailed(const Error &error, std::chrono::milliseconds retryAfter)
{
    if (m_source.moveOn())
        return askAgain();
    const bool isTypo =
        error.code == ErrorCode::HostNotFound || error.code == ErrorCode::ConnectionRefused;
    const bool isFirst = !m_question.known && m_retry.failures() == 0 && !m_retry.isOffline();
    const bool isFinal = error.code == ErrorCode::RedirectLoop || error.code == ErrorCode::Forbidden
        || error.code == ErrorCode::InvalidUrl || error.code == ErrorCode::UnsupportedScheme
        || error.code == ErrorCode::ProtocolViolation || error.code == ErrorCode::TlsFailed
        || error.code == ErrorCode::AuthenticationRequired;
    if (isFinal || (isTypo && isFirst))
        return endWith(error);
    if (const auto waiting = m_retry.begin(error, retryAfter); !waiting)
        return endWith(waiting.error());
    m_retry.show();
}

void Probe::endWith(std::optional<Error> error)
{
    m_error = std::move(error);
    m_loop.exit(0);
}

} // namespace core
