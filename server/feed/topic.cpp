#include "server/feed/topic.h"

#include <algorithm>
#include <array>

namespace server {
namespace {

using namespace Qt::StringLiterals;

constexpr QLatin1StringView Jobs = "jobs"_L1;
constexpr QLatin1StringView Job = "job"_L1;
constexpr QLatin1StringView Devices = "devices"_L1;
constexpr QLatin1StringView Workflows = "workflows"_L1;
constexpr QLatin1StringView Agents = "agents"_L1;
constexpr QLatin1StringView Coordinator = "coordinator"_L1;
constexpr QLatin1StringView System = "system"_L1;

constexpr std::array Words{Jobs, Devices, Workflows, Agents, Coordinator, System};
constexpr std::array WordsWithName{Job, "workflow"_L1, "agent"_L1};
constexpr qsizetype MaxName = 64;

bool isNameCharacter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9')
        || c == u'_' || c == u'.' || c == u'-';
}

bool isName(QStringView text)
{
    return !text.isEmpty() && text.size() <= MaxName
        && std::all_of(text.begin(), text.end(), isNameCharacter);
}

template<size_t N>
bool isOneOf(const std::array<QLatin1StringView, N> &words, QStringView word)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

} // namespace

Topic::Topic(QString name, std::optional<core::JobId> job)
    : m_name(std::move(name))
    , m_family(m_name)
    , m_jobId(job)
{
    if (const qsizetype colon = m_name.indexOf(u':'); colon >= 0)
        m_family = m_name.first(colon) + u's';
}

core::Result<Topic> Topic::parse(const QString &name)
{
    const auto invalid =
        core::fail(core::ErrorCode::InvalidArgument, u"there is no topic \"%1\""_s.arg(name));
    const qsizetype colon = name.indexOf(u':');
    if (colon < 0)
        return isOneOf(Words, name) ? core::Result<Topic>(Topic(name)) : invalid;
    const QString word = name.first(colon);
    const QString item = name.sliced(colon + 1);
    if (!isOneOf(WordsWithName, word) || !isName(item))
        return invalid;
    if (word != Job)
        return Topic(name);
    bool isNumber = false;
    const core::JobId id{item.toLongLong(&isNumber)};
    return isNumber && id.toString() == item ? core::Result<Topic>(job(id)) : invalid;
}

Topic Topic::jobs()
{
    return Topic(Jobs);
}

Topic Topic::job(core::JobId id)
{
    return Topic(u"job:%1"_s.arg(id.value), id);
}

Topic Topic::devices()
{
    return Topic(Devices);
}

Topic Topic::workflow(core::WorkflowId id)
{
    return Topic(u"workflow:"_s + id.toString());
}

bool Topic::hasJobs() const
{
    return family() == Jobs || family() == Workflows;
}

Topic Topic::agent(const QString &name)
{
    return Topic(u"agent:"_s + name);
}

Topic Topic::agents()
{
    return Topic(Agents);
}

Topic Topic::coordinator()
{
    return Topic(Coordinator);
}

Topic Topic::system()
{
    return Topic(System);
}

bool Topic::isJobs() const
{
    return m_name == Jobs;
}

bool Topic::isDevices() const
{
    return m_name == Devices;
}

} // namespace server
