#include "server/dialects/gateway/gatewaydialect.h"

#include "server/dialects/adddownload.h"

#include <QPointer>

namespace server {

using namespace Qt::StringLiterals;
using Action = GatewayCommand::Action;

GatewayDialect::GatewayDialect(Surroundings surroundings)
    : m_service(surroundings.service)
    , m_feed(surroundings.registry, surroundings.clock, m_codec)
    , m_sockets({m_feed, surroundings.access, surroundings.clock}, *this)
{ }

void GatewayDialect::take(CompatSession &session, const QByteArray &utf8)
{
    const auto wanted = gatewayCommandFrom(utf8);
    if (!wanted)
        return session.send(errorMessage(wanted.error()));
    if (wanted->action == Action::Add)
        return add(session, wanted->url);
    if (const auto done = command(session.principal(), *wanted); !done)
        session.send(errorMessage(done.error()));
}

QByteArray GatewayDialect::errorMessage(const core::Error &error) const
{
    return GatewayCodec::errorText(error);
}

/// The download's own messages are the answer when it succeeds.
void GatewayDialect::add(CompatSession &session, const QString &url)
{
    addDownload(m_service, session.principal(), {.url = url},
                [this, asker = QPointer(&session)](const core::Result<core::JobSnapshot> &added) {
                    if (CompatSession *open = asker.data(); open && !added)
                        open->send(errorMessage(added.error()));
                });
}

core::Result<core::JobSnapshot> GatewayDialect::command(const core::Principal &who,
                                                        const GatewayCommand &command)
{
    switch (command.action) {
    case Action::Pause:
        return m_service.pause(who, command.job);
    case Action::Resume:
        return m_service.resume(who, command.job);
    case Action::Cancel:
        return m_service.cancel(who, command.job);
    case Action::Retry:
        return m_service.retry(who, command.job);
    case Action::Add:
        break;
    }
    return core::fail(core::ErrorCode::InvalidArgument);
}

} // namespace server
