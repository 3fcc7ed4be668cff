#include "app/drayctl/command.h"

namespace app {

using namespace Qt::StringLiterals;

namespace {

constexpr int InvalidParams = -32602;
constexpr int Unauthorized = -32001;
constexpr int Forbidden = -32002;
constexpr int ConfirmationRequired = -32010;

ExitCode exitCodeFor(int rpcCode)
{
    if (rpcCode == InvalidParams)
        return ExitCode::Usage;
    if (rpcCode == Unauthorized || rpcCode == Forbidden || rpcCode == ConfirmationRequired)
        return ExitCode::Refused;
    return ExitCode::Failed;
}

} // namespace

tl::expected<QJsonObject, Complaint> connectTo(HubConnection &hub, const Invocation &call)
{
    const auto hello = hub.open(call.dataDir);
    if (!hello)
        return tl::unexpected(Complaint{ExitCode::NoHub, hello.error().context});
    return *hello;
}

tl::expected<QJsonObject, Complaint>
callOnce(const Invocation &call, const QString &method, const QJsonObject &params)
{
    HubConnection hub;
    if (const auto hello = connectTo(hub, call); !hello)
        return tl::unexpected(hello.error());
    const auto answer = hub.call(method, params);
    if (!answer)
        return tl::unexpected(complaintFor(answer.error()));
    return *answer;
}

Complaint complaintFor(const HubConnection::Refusal &refusal)
{
    return {exitCodeFor(refusal.code), refusal.message};
}

tl::unexpected<Complaint> usageError(const QString &message)
{
    return tl::unexpected(Complaint{ExitCode::Usage, message});
}

} // namespace app
