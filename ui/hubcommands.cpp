#include "ui/hubcommands.h"

#include "core/base/shownurl.h"
#include "core/flashservice.h"
#include "ui/mailbox.h"
#include "ui/seendrives.h"

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

Result<void> withoutJob(const Result<JobSnapshot> &result)
{
    return result.map([](const JobSnapshot &) {});
}

} // namespace

HubCommands::HubCommands(const Doors &doors, QObject *hubContext)
    : m_service(doors.jobs)
    , m_flashes(doors.flashes)
    , m_driveWork(doors.driveWork)
    , m_settings(doors.settings)
    , m_hubContext(hubContext)
    , m_mailbox(std::make_shared<Mailbox>())
{ }

HubCommands::~HubCommands()
{
    m_mailbox->close();
}

void HubCommands::add(const core::JobService::AddDownload &request, Added answer)
{
    const auto add = [&service = m_service, mailbox = m_mailbox, request,
                      answer = std::move(answer)] {
        const auto added = [mailbox, answer](const Result<JobSnapshot> &job) {
            mailbox->post([answer, id = job.map([](const JobSnapshot &made) { return made.id; })] {
                answer(id);
            });
        };
        service.addDownload(Principal::localUser(), request, added);
    };
    QMetaObject::invokeMethod(m_hubContext, add, Qt::QueuedConnection);
}

void HubCommands::listCategories(Names answer)
{
    const auto list = [&service = m_service, mailbox = m_mailbox, answer = std::move(answer)] {
        mailbox->post([answer, names = service.categories().names()] { answer(names); });
    };
    QMetaObject::invokeMethod(m_hubContext, list, Qt::QueuedConnection);
}

void HubCommands::findTwin(const QUrl &url, Added answer)
{
    const auto find = [&service = m_service, mailbox = m_mailbox, url, answer = std::move(answer)] {
        service.findTwin(Principal::localUser(), url, [=](const auto &twin) {
            const auto found = twin ? Result<core::JobId>(*twin)
                                    : core::fail(core::ErrorCode::NotFound, core::shownUrl(url));
            mailbox->post([answer, found] { answer(found); });
        });
    };
    QMetaObject::invokeMethod(m_hubContext, find, Qt::QueuedConnection);
}

void HubCommands::tell(core::JobId id, JobVerb verb, Answer answer)
{
    post([&service = m_service, id, verb] { return withoutJob(carryOut(service, id, verb)); },
         std::move(answer));
}

void HubCommands::move(core::JobId id, core::QueuePlace place, Answer answer)
{
    post([&service = m_service, id,
          place] { return withoutJob(service.move(Principal::localUser(), id, place)); },
         std::move(answer));
}

void HubCommands::setLimit(core::JobId id, qint64 bytesPerSecond, Answer answer)
{
    post(
        [&service = m_service, id, bytesPerSecond] {
            return withoutJob(service.setLimit(Principal::localUser(), id, bytesPerSecond));
        },
        std::move(answer));
}

void HubCommands::setTotalLimit(qint64 bytesPerSecond, Answer answer)
{
    post(
        [&settings = m_settings, bytesPerSecond] {
            return settings.set(QStringLiteral("limit.download"), bytesPerSecond);
        },
        std::move(answer));
}

void HubCommands::listSettings(SettingList answer)
{
    const auto list = [&settings = m_settings, mailbox = m_mailbox, answer = std::move(answer)] {
        mailbox->post([answer, entries = settings.all()] { answer(entries); });
    };
    QMetaObject::invokeMethod(m_hubContext, list, Qt::QueuedConnection);
}

void HubCommands::setSetting(const QString &key, const QVariant &value, Answer answer)
{
    post([&settings = m_settings, key, value] { return settings.set(key, value); },
         std::move(answer));
}

void HubCommands::refreshUrl(core::JobId id, const QUrl &url, Answer answer)
{
    post([&service = m_service, id,
          url] { return withoutJob(service.refreshUrl(Principal::localUser(), id, url)); },
         std::move(answer));
}

void HubCommands::flash(const FlashOrder &order, Added answer)
{
    const auto add = [&service = m_flashes, mailbox = m_mailbox, order,
                      answer = std::move(answer)] {
        const auto added = [mailbox, answer](const Result<JobSnapshot> &job) {
            mailbox->post([answer, id = job.map([](const JobSnapshot &made) { return made.id; })] {
                answer(id);
            });
        };
        if (const auto same = checkSeen(service, order.seen); !same)
            return added(core::fail(same.error()));
        service.add(Principal::localUser(), {.spec = order.spec, .idem = {}}, added);
    };
    QMetaObject::invokeMethod(m_hubContext, add, Qt::QueuedConnection);
}

void HubCommands::work(const DriveOrder &order, Added answer)
{
    const auto add = [&service = m_driveWork, &flashes = m_flashes, mailbox = m_mailbox, order,
                      answer = std::move(answer)] {
        const auto added = [mailbox, answer](const Result<JobSnapshot> &job) {
            mailbox->post([answer, id = job.map([](const JobSnapshot &made) { return made.id; })] {
                answer(id);
            });
        };
        if (const auto same = checkSeen(flashes, {order.seen}); !same)
            return added(core::fail(same.error()));
        service.add(Principal::localUser(), {.spec = order.spec, .idem = {}}, added);
    };
    QMetaObject::invokeMethod(m_hubContext, add, Qt::QueuedConnection);
}

void HubCommands::eject(const core::DriveIdentity &seen, Answer answer)
{
    const auto call = [&service = m_driveWork, &flashes = m_flashes, mailbox = m_mailbox, seen,
                       answer = std::move(answer)] {
        const auto ended = [mailbox, answer](const auto &result) {
            mailbox->post([answer, done = result.map([](auto) {})] { answer(done); });
        };
        if (const auto same = checkSeen(flashes, {seen}); !same)
            return ended(Result<core::DriveRelease::Ending>(core::fail(same.error())));
        service.eject(Principal::localUser(), seen.id, ended);
    };
    QMetaObject::invokeMethod(m_hubContext, call, Qt::QueuedConnection);
}

void HubCommands::agree(core::JobId id, const QStringList &erase, Answer answer)
{
    const auto call = [&service = m_flashes, mailbox = m_mailbox, id, erase,
                       answer = std::move(answer)] {
        const auto agreed = [mailbox, answer](const Result<JobSnapshot> &job) {
            mailbox->post([answer, result = withoutJob(job)] { answer(result); });
        };
        service.confirm(Principal::localUser(), {.ticket = {}, .job = id, .erase = erase}, agreed);
    };
    QMetaObject::invokeMethod(m_hubContext, call, Qt::QueuedConnection);
}

/// Makes `call` on the hub thread and brings back its answer.
void HubCommands::post(Call call, Answer answer)
{
    const auto carry = [mailbox = m_mailbox, call = std::move(call), answer = std::move(answer)] {
        mailbox->post([answer, result = call()] { answer(result); });
    };
    QMetaObject::invokeMethod(m_hubContext, carry, Qt::QueuedConnection);
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
