#include "app/drayctl/workreport.h"

#include <QEventLoop>
#include <QRandomGenerator>
#include <QUuid>

#include <chrono>
#include <utility>

namespace app {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto ReportInterval = 250ms;
/// Well under the 60 s after which a job that is not heard of counts as stale.
constexpr qint64 SignOfLifeMs = 20'000;
constexpr qint64 RetryMs = 2'000;
/// A talk with the hub while the work goes on.
constexpr auto Patience = 10s;
constexpr auto EndPatience = 5s;
/// The hub takes so many changes a second from all of us together (PROTOCOL.md §0.5): who had one too
/// many leaves the next second to others.
constexpr int QuietMs = 1'000;
constexpr int RestMs = 200;
constexpr qsizetype LongestName = 128; ///< PROTOCOL.md §1

qint64 nowMs()
{
    return QDeadlineTimer::current().deadline();
}

} // namespace

WorkReport::WorkReport(QString dataDir, QJsonObject state)
    : m_dataDir(std::move(dataDir))
    , m_name(state["job"_L1].toString())
    , m_state(std::move(state))
    , m_isOurs(m_name.isEmpty())
{
    // A name of ours: a hub that ends before it answers has the job, and finds it again.
    if (m_isOurs)
        m_state["job"_L1] = u"drayctl-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
    m_timer.setInterval(ReportInterval);
    connect(&m_timer, &QTimer::timeout, this, &WorkReport::tick);
}

WorkReport::~WorkReport() = default;

void WorkReport::begin()
{
    m_timer.start();
    tick();
}

void WorkReport::change(const QJsonObject &members)
{
    for (auto member = members.begin(); member != members.end(); ++member) {
        m_hasNews = m_hasNews || m_state.value(member.key()) != member.value();
        m_state[member.key()] = member.value();
    }
}

void WorkReport::hurry()
{
    if (!m_deadline.isForever())
        return;
    m_deadline.setRemainingTime(EndPatience);
    if (m_hub)
        m_hub->limitWaiting(EndPatience);
}

void WorkReport::end(const QJsonObject &members)
{
    m_timer.stop();
    change(members);
    hurry();
    while (tellOrConnect() == Again::Yes && !m_deadline.hasExpired())
        rest();
}

/// Comes again while a call waits for its answer.
void WorkReport::tick()
{
    const qint64 now = nowMs();
    if (m_isTelling || m_isCanceled || now < m_quietUntil)
        return;
    const bool mayTry = m_triedAt == 0 || now - m_triedAt >= RetryMs;
    if (!m_hub && (!mayTry || !connectToHub()))
        return;
    if (m_hasNews || now - m_toldAt >= SignOfLifeMs)
        tell();
}

WorkReport::Again WorkReport::tellOrConnect()
{
    if (m_isCanceled)
        return Again::No;
    if (m_hub || connectToHub())
        return tell();
    return m_job.isEmpty() ? Again::No : Again::Yes; // the hub that has the job may come back
}

bool WorkReport::connectToHub()
{
    m_isTelling = true;
    m_triedAt = nowMs();
    m_hub = std::make_unique<HubConnection>();
    m_hub->limitWaiting(patience());
    const auto hello = m_hub->open(m_dataDir);
    m_isTelling = false;
    if (!hello) {
        m_hub.reset();
        complain(hello.error().context);
        return false;
    }
    connect(m_hub.get(), &HubConnection::progressed, this, &WorkReport::onNotified);
    m_hasNews = true;
    m_isFollowed = false;
    return true;
}

WorkReport::Again WorkReport::tell()
{
    m_isTelling = true;
    m_hasNews = false;
    m_toldAt = nowMs();
    m_hub->limitWaiting(patience());
    auto answer = report();
    if (answer)
        m_job = (*answer)["job"_L1].toObject();
    if (answer && !m_isFollowed && m_deadline.isForever())
        answer = follow();
    m_isTelling = false;
    return answer ? Again::No : onRefused(answer.error());
}

HubConnection::Answer<QJsonObject> WorkReport::report()
{
    auto answer = m_hub->call(u"job.report"_s, m_state);
    while (!answer && answer.error().type == "invalidState"_L1 && !m_isOurs && takeNextName())
        answer = m_hub->call(u"job.report"_s, m_state);
    m_isOurs = m_isOurs || answer;
    return answer;
}

/// False when the name is the number of a job that no program may report.
bool WorkReport::takeNextName()
{
    bool isNumber = false;
    m_name.toLongLong(&isNumber);
    if (isNumber && m_nameNumber == 1) {
        const auto found = m_hub->call(u"job.get"_s, {{u"job"_s, m_name}});
        const bool isFree = found ? (*found)["job"_L1]["kind"_L1] == "external"_L1
                                  : found.error().type == "notFound"_L1;
        if (!isFree)
            return false;
    }
    const QString end = u" (%1)"_s.arg(++m_nameNumber);
    m_state["job"_L1] = m_name.left(LongestName - end.size()) + end;
    return true;
}

/// From here on the hub tells what becomes of the job; the answer tells what has.
HubConnection::Answer<QJsonObject> WorkReport::follow()
{
    const QString topic = u"job:"_s + m_job["id"_L1].toString();
    auto answer = m_hub->call(u"topic.subscribe"_s, {{u"topic"_s, topic}});
    m_isFollowed = answer.has_value();
    if (answer && (*answer)["jobs"_L1][0]["state"_L1] == "canceled"_L1)
        setCanceled();
    return answer;
}

std::chrono::milliseconds WorkReport::patience() const
{
    return m_deadline.isForever() ? Patience
                                  : std::chrono::milliseconds(m_deadline.remainingTime());
}

/// Not as long as others whose work ended at the same time.
void WorkReport::rest() const
{
    const std::chrono::milliseconds time(QRandomGenerator::global()->bounded(RestMs, 3 * RestMs));
    QEventLoop loop;
    QTimer::singleShot(std::min(time, patience()), &loop, &QEventLoop::quit);
    loop.exec();
}

WorkReport::Again WorkReport::onRefused(const HubConnection::Refusal &refusal)
{
    m_hasNews = true;
    if (refusal.type == "rateLimited"_L1) {
        m_quietUntil = nowMs() + QRandomGenerator::global()->bounded(QuietMs, 2 * QuietMs);
        return Again::Yes;
    }
    if (refusal.type == "invalidState"_L1 && m_isOurs) {
        setCanceled();
        return Again::No;
    }
    m_hub.reset();
    if (refusal.type == "network"_L1)
        return Again::Yes;
    complain(refusal.message);
    return Again::No;
}

void WorkReport::onNotified()
{
    while (const auto notification = m_hub ? m_hub->takeNotification() : std::nullopt) {
        const QJsonObject params = (*notification)["params"_L1].toObject();
        if (params["patch"_L1]["state"_L1] == "canceled"_L1 && params["id"_L1] == m_job["id"_L1])
            setCanceled();
    }
}

void WorkReport::complain(const QString &why)
{
    if (!std::exchange(m_hasComplained, true))
        emit failed(why);
}

void WorkReport::setCanceled()
{
    if (!std::exchange(m_isCanceled, true))
        emit canceled();
}

} // namespace app
