#include "ui/hubcommands.h"

#include "ui/mailbox.h"

#include <QObject>

namespace ui {
namespace {

using core::JobSnapshot;
using core::Principal;
using core::Result;

Result<JobSnapshot> carryOut(core::JobService &service, core::JobId id, JobVerb verb)
{
    const Principal user = Principal::localUser();
    switch (verb) {
    case JobVerb::Pause:
        return service.pause(user, id);
    case JobVerb::Resume:
        return service.resume(user, id);
    case JobVerb::Cancel:
        return service.cancel(user, id);
    case JobVerb::Retry:
        return service.retry(user, id);
    }
    Q_UNREACHABLE();
}

} // namespace

HubCommands::HubCommands(core::JobService &service, QObject *hubContext)
    : m_service(service)
    , m_hubContext(hubContext)
    , m_mailbox(std::make_shared<Mailbox>())
{ }

HubCommands::~HubCommands()
{
    m_mailbox->close();
}

void HubCommands::addDownload(const core::DownloadSpec &spec, Added answer)
{
    const auto add = [&service = m_service, mailbox = m_mailbox, spec, answer = std::move(answer)] {
        const auto added = [mailbox, answer](const Result<JobSnapshot> &job) {
            mailbox->post([answer, id = job.map([](const JobSnapshot &made) { return made.id; })] {
                answer(id);
            });
        };
        service.addDownload(Principal::localUser(), {.spec = spec}, added);
    };
    QMetaObject::invokeMethod(m_hubContext, add, Qt::QueuedConnection);
}

void HubCommands::tell(core::JobId id, JobVerb verb, Answer answer)
{
    const auto call = [&service = m_service, mailbox = m_mailbox, id, verb,
                       answer = std::move(answer)] {
        const Result<void> result = carryOut(service, id, verb).map([](const JobSnapshot &) {});
        mailbox->post([answer, result] { answer(result); });
    };
    QMetaObject::invokeMethod(m_hubContext, call, Qt::QueuedConnection);
}

void HubCommands::remove(core::JobId id, core::RemoveFiles files, Answer answer)
{
    const auto call = [&service = m_service, mailbox = m_mailbox, id, files,
                       answer = std::move(answer)] {
        const auto removed = [mailbox, answer](const Result<void> &result) {
            mailbox->post([answer, result] { answer(result); });
        };
        service.remove(Principal::localUser(), id, files, removed);
    };
    QMetaObject::invokeMethod(m_hubContext, call, Qt::QueuedConnection);
}

} // namespace ui
