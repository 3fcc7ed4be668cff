#include "core/download/retrywait.h"

#include "core/base/logging.h"

#include <QRandomGenerator>

namespace core {

using namespace Qt::StringLiterals;

RetryWait::RetryWait(const RetryPolicy &policy, ProgressCell &progress)
    : m_policy(policy)
    , m_progress(progress)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &RetryWait::onTimeout);
}

Result<void> RetryWait::begin(const Error &why, std::chrono::milliseconds retryAfter)
{
    if (isOffline()) {
        waitForNetwork();
        return {};
    }
    const int most = why.code == ErrorCode::HostNotFound ? m_policy.maxLookups : m_policy.maxTries;
    if (++m_failures >= most)
        return fail(why);
    const auto delay =
        m_policy.delay(m_failures, retryAfter, QRandomGenerator::global()->generateDouble());
    m_message = u"try %1 of %2 follows: %3"_s.arg(QString::number(m_failures + 1),
                                                  QString::number(most), why.context);
    qCInfo(lcDownload).noquote() << m_message << "in" << delay.count() << "ms";
    if (!m_timer.isActive() || m_timer.remainingTimeAsDuration() < delay)
        m_timer.start(delay);
    return {};
}

void RetryWait::waitForNetwork()
{
    m_waitsForNetwork = true;
    m_message = u"waiting for the network"_s;
    qCInfo(lcDownload).noquote() << m_message;
    m_timer.start(m_policy.offlineCheck);
}

void RetryWait::onTimeout()
{
    if (m_waitsForNetwork && isOffline())
        return m_timer.start(m_policy.offlineCheck);
    m_waitsForNetwork = false;
    emit due();
}

void RetryWait::onProgress()
{
    m_failures = 0;
    if (!std::exchange(m_isShown, false))
        return;
    m_progress.enter(Stage::Transferring);
    m_progress.edit([](JobDetails &details) { details.message.clear(); });
}

void RetryWait::show()
{
    m_isShown = true;
    m_progress.enter(Stage::WaitingForRetry);
    m_progress.edit([this](JobDetails &details) { details.message = m_message; });
}

} // namespace core
