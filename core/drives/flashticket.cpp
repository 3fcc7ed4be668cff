#include "core/drives/flashticket.h"

#include "core/base/shownurl.h"
#include "core/drives/drivewords.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

QString erasureText(const DriveErasure &erasure)
{
    return u"%1: %2"_s.arg(erasure.words, erasedWithRisks(erasure));
}

/// nullptr: it is not there.
const Drive *findDrive(const DriveIdentity &identity, const QList<Drive> &drives)
{
    const auto found = std::ranges::find(drives, identity, &Drive::identity);
    return found == drives.end() ? nullptr : &*found;
}

} // namespace

QString erasedWithRisks(const DriveErasure &erasure)
{
    return erasure.risks.isEmpty()
        ? erasure.contents
        : u"%1 - careful: %2"_s.arg(erasure.contents, riskWords(erasure.risks));
}

Result<FlashTicket> FlashTicket::prepare(const Request &request, const DrivePolicy &policy)
{
    if (request.drives.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"no drive is named"_s);
    FlashTicket ticket;
    for (const Drive &drive : request.drives) {
        if (ticket.identityOf(drive.id))
            return fail(ErrorCode::InvalidArgument, u"%1 is named twice"_s.arg(drive.id));
        const DriveVerdict verdict = policy.judge(drive, request.imageDrives);
        if (!verdict.isAllowed())
            return fail(ErrorCode::Forbidden, verdict.reason);
        ticket.m_erasures.append({drive.identity(), driveWords(drive),
                                  erasedContents(drive, request.partition), verdict.risks});
    }
    ticket.m_request = request;
    return ticket;
}

const DriveIdentity *FlashTicket::identityOf(const QString &driveId) const
{
    for (const DriveErasure &erasure : m_erasures)
        if (erasure.drive.id == driveId)
            return &erasure.drive;
    return nullptr;
}

bool FlashTicket::isNamedBy(const DriveErasure &erasure, const QString &name) const
{
    if (erasure.drive.id == name)
        return true;
    const auto hasSerial = [&name](const DriveErasure &other) {
        return other.drive.serial == name;
    };
    return !name.isEmpty() && erasure.drive.serial == name
        && std::count_if(m_erasures.cbegin(), m_erasures.cend(), hasSerial) == 1;
}

Result<void> FlashTicket::confirm(const QStringList &erase, Milliseconds wallTime) const
{
    if (wallTime >= m_request.expiresAt)
        return fail(ErrorCode::InvalidState, u"the question has expired; ask again"_s);
    QStringList missing;
    for (const DriveErasure &erasure : m_erasures)
        if (std::none_of(erase.cbegin(), erase.cend(),
                         [&](const QString &name) { return isNamedBy(erasure, name); }))
            missing.append(erasureText(erasure));
    if (!missing.isEmpty())
        return fail(ErrorCode::ConfirmationRequired,
                    u"this would erase %1"_s.arg(missing.join(u"; and "_s)));
    for (const QString &name : erase)
        if (std::none_of(m_erasures.cbegin(), m_erasures.cend(),
                         [&](const DriveErasure &erasure) { return isNamedBy(erasure, name); }))
            return fail(
                ErrorCode::InvalidArgument,
                u"erase: \"%1\" is no id or serial of the drives that are to be written"_s.arg(
                    name));
    return {};
}

Result<FlashTicket> FlashTicket::asOf(const ImageIdentity &image,
                                      const QList<Drive> &drives,
                                      const DrivePolicy &policy) const
{
    if (const auto checked = check(image, drives); !checked)
        return fail(checked.error());
    Request request = m_request;
    request.drives.clear();
    for (const DriveErasure &erasure : m_erasures)
        request.drives.append(*findDrive(erasure.drive, drives));
    return prepare(request, policy);
}

Result<void> FlashTicket::check(const ImageIdentity &image, const QList<Drive> &drives) const
{
    if (image != m_request.image)
        return fail(ErrorCode::InvalidState,
                    u"the image %1 changed after it was agreed to"_s.arg(
                        shownText(m_request.image.source)));
    for (const DriveErasure &erasure : m_erasures)
        if (!findDrive(erasure.drive, drives))
            return fail(
                ErrorCode::DeviceGone,
                u"%1 was pulled out or swapped after it was agreed to"_s.arg(erasure.drive.id));
    return {};
}

} // namespace core
