#include "core/agents/agent.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype LongestName = 64;
constexpr qsizetype MostCapabilities = 32;

bool isNameCharacter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9')
        || c == u'_' || c == u'.' || c == u'-';
}

Result<void> checkWord(const QString &word, QLatin1StringView what)
{
    const bool isWord =
        !word.isEmpty() && word.size() <= LongestName && std::ranges::all_of(word, isNameCharacter);
    if (isWord)
        return {};
    return fail(ErrorCode::InvalidArgument,
                u"the %1 \"%2\" is not 1 to %3 letters, digits, \"_\", \".\" and \"-\""_s.arg(
                    what, word.left(LongestName), QString::number(LongestName)));
}

} // namespace

QLatin1StringView agentStatusName(AgentStatus status)
{
    switch (status) {
    case AgentStatus::Idle:
        return "idle"_L1;
    case AgentStatus::Busy:
        return "busy"_L1;
    case AgentStatus::Error:
        return "error"_L1;
    case AgentStatus::Offline:
        return "offline"_L1;
    }
    return {};
}

QLatin1StringView builtInAgentFor(JobKind kind)
{
    switch (kind) {
    case JobKind::Download:
        return "downloader"_L1;
    case JobKind::Media:
        return "media"_L1;
    case JobKind::Flash:
    case JobKind::Read:
    case JobKind::Compare:
    case JobKind::Format:
        return "flasher"_L1;
    case JobKind::Verify:
        return "verifier"_L1;
    case JobKind::Extract:
    case JobKind::Command:
    case JobKind::External:
        break;
    }
    return {};
}

Result<void> checkAgentName(const QString &name)
{
    for (int kind = 0; kind <= int(JobKind::External); ++kind)
        if (const auto taken = builtInAgentFor(JobKind(kind)); !taken.isEmpty() && taken == name)
            return fail(ErrorCode::InvalidArgument,
                        u"the name \"%1\" is that of a built-in agent"_s.arg(name));
    return checkWord(name, "name"_L1);
}

Result<void> checkCapabilities(const QStringList &capabilities)
{
    if (capabilities.size() > MostCapabilities)
        return fail(ErrorCode::InvalidArgument,
                    u"more than %1 capabilities"_s.arg(MostCapabilities));
    for (const QString &capability : capabilities)
        if (const auto checked = checkWord(capability, "capability"_L1); !checked)
            return checked;
    return {};
}

} // namespace core
