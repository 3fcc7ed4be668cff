#include "ui/dialogs/addform.h"

#include "core/base/metalinkurl.h"
#include "core/base/proxyaddress.h"
#include "core/base/subtitlelanguages.h"
#include "core/base/units.h"
#include "core/base/urlpattern.h"
#include "core/download/filename.h"
#include "core/download/mediacookies.h"
#include "core/download/redirects.h"
#include "ui/dialogs/checksumtext.h"
#include "ui/text/formatting.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

using AddDownload = core::JobService::AddDownload;

AddProblem webLinkProblem(const QUrl &url)
{
    if (url.scheme().isEmpty() || url.scheme().size() < 2)
        return AddProblem::NotALink;
    if (url.scheme() != u"http" && url.scheme() != u"https")
        return AddProblem::Scheme;
    return url.isValid() && !url.host().isEmpty() ? AddProblem::None : AddProblem::NotALink;
}

AddProblem linkProblem(const QUrl &url)
{
    if (url.isLocalFile() && core::isMetalinkUrl(url))
        return QFileInfo(url.toLocalFile()).isFile() ? AddProblem::None : AddProblem::NotALink;
    return webLinkProblem(url);
}

AddProblem folderProblem(const QString &folder)
{
    const QFileInfo entry(folder);
    if (folder.isEmpty())
        return AddProblem::None;
    if (entry.isRelative())
        return AddProblem::FolderRelative;
    if (!entry.isDir())
        return AddProblem::FolderMissing;
    return entry.isWritable() ? AddProblem::None : AddProblem::FolderReadOnly;
}

AddProblem nameProblem(const QString &name)
{
    const bool isUsable = !name.contains(u'/') && !name.contains(QChar(0)) && name != u"."
        && name != u".." && name.toUtf8().size() <= core::MaxFileNameBytes;
    return isUsable ? AddProblem::None : AddProblem::Name;
}

AddProblem requestProblem(const core::RequestSpec &request)
{
    const QFileInfo cookies(request.cookies);
    const bool isFile = cookies.isAbsolute() && cookies.isFile() && cookies.isReadable();
    if (!request.cookies.isEmpty() && !isFile)
        return AddProblem::CookieFile;
    if (!request.proxy.isEmpty() && !core::ProxyAddress::parse(request.proxy))
        return AddProblem::Proxy;
    if (request.user.contains(u':'))
        return AddProblem::UserName;
    return request.user.isEmpty() && !request.password.isEmpty() ? AddProblem::PasswordAlone
                                                                 : AddProblem::None;
}

/// Never a password.
QString valueAtFault(AddProblem problem, const core::RequestSpec &request)
{
    if (problem == AddProblem::CookieFile)
        return request.cookies;
    return problem == AddProblem::UserName ? request.user : QString();
}

/// What identifies the user, typed once, must not go to whoever else is in the list.
bool leadsToSeveralSites(const QList<AddDownload> &downloads)
{
    const QUrl &first = downloads.first().spec.url;
    return std::ranges::any_of(downloads, [&first](const AddDownload &download) {
        return !core::isSameOrigin(first, download.spec.url);
    });
}

QString withHome(const QString &folder)
{
    return folder == u"~" || folder.startsWith(u"~/") ? QDir::homePath() + folder.sliced(1)
                                                      : folder;
}

AddRequest wrong(AddProblem problem, const QString &value)
{
    return {.problem = problem, .value = value};
}

/// Takes the links that `line` stands for into `request`.
AddRequest withLinksOf(AddRequest request, const QString &line)
{
    const auto links = core::UrlPattern::expand(line);
    if (!links)
        return wrong(AddProblem::Pattern, line);
    if (request.downloads.size() + links->size() > core::UrlPattern::MaxLinks)
        return wrong(AddProblem::Pattern, line);
    for (const QString &link : *links) {
        const QUrl url(link);
        if (const AddProblem problem = linkProblem(url); problem != AddProblem::None)
            return wrong(problem, link);
        request.downloads.append({.spec = {.url = url, .ifExists = core::IfExists::Ask}});
    }
    return request;
}

AddRequest withLinks(AddRequest request, const AddForm &form)
{
    const QStringList lines = linkLines(form.links);
    if (lines.isEmpty())
        return wrong(AddProblem::NoLink, {});
    for (const QString &line : lines) {
        request = withLinksOf(std::move(request), line);
        if (request.problem != AddProblem::None)
            break;
    }
    return request;
}

AddRequest withFolder(AddRequest request, const AddForm &form)
{
    const QString folder = withHome(form.folder.trimmed());
    if (const AddProblem problem = folderProblem(folder); problem != AddProblem::None)
        return wrong(problem, folder);
    for (AddDownload &download : request.downloads) {
        download.spec.to = folder;
        download.spec.category = form.category;
        download.spec.connections = form.connections;
    }
    return request;
}

AddRequest withAfter(AddRequest request, const AddForm &form)
{
    QList<core::AfterAction> actions;
    if (form.unpack == AddForm::Unpack::Yes && form.fetch == AddForm::Fetch::File)
        actions.append(core::AfterAction{});
    for (core::AfterAction action : form.after) {
        if (!action.folder.isEmpty())
            action.folder = withHome(action.folder);
        if (const AddProblem problem = folderProblem(action.folder); problem != AddProblem::None)
            return wrong(problem, action.folder);
        actions.append(action);
    }
    for (AddDownload &download : request.downloads)
        download.spec.after = actions;
    return request;
}

AddRequest withRequest(AddRequest request, const AddForm &form)
{
    if (const AddProblem problem = requestProblem(form.request); problem != AddProblem::None)
        return wrong(problem, valueAtFault(problem, form.request));
    if (!form.request.user.isEmpty() && leadsToSeveralSites(request.downloads))
        return wrong(AddProblem::LoginForSeveralSites, form.request.user);
    for (AddDownload &download : request.downloads)
        download.spec.request = form.request;
    return request;
}

/// A header and a field that say the same.
bool isSaidTwice(const core::HeaderLine &line, const core::RequestSpec &request)
{
    return core::checkRequest(request, {}) && !core::checkRequest(request, {line});
}

AddProblem headerProblem(const QList<core::HeaderLine> &earlier,
                         const core::HeaderLine &line,
                         const AddForm &form)
{
    const bool isThere = std::ranges::any_of(earlier, [&line](const core::HeaderLine &other) {
        return other.name.compare(line.name, Qt::CaseInsensitive) == 0;
    });
    if (!core::checkHeader(line))
        return AddProblem::HeaderName;
    if (isThere || isSaidTwice(line, form.request))
        return AddProblem::HeaderTwice;
    const bool isForAll =
        core::isCookieHeader(line) || !core::headersForOtherOrigin({line}).isEmpty();
    return !isForAll && form.fetch != AddForm::Fetch::File ? AddProblem::HeaderForMedia
                                                           : AddProblem::None;
}

AddRequest withHeaders(AddRequest request, const AddForm &form)
{
    QList<core::HeaderLine> headers;
    for (const QString &line : linkLines(form.headers)) {
        const qsizetype colon = line.indexOf(u':');
        if (colon <= 0)
            return wrong(AddProblem::NotAHeader, line);
        const core::HeaderLine header{line.left(colon).trimmed(), line.sliced(colon + 1).trimmed()};
        const AddProblem problem = headerProblem(headers, header, form);
        if (problem != AddProblem::None)
            return wrong(problem, header.name);
        if (core::headersForOtherOrigin({header}).isEmpty()
            && leadsToSeveralSites(request.downloads))
            return wrong(AddProblem::HeaderForSeveralSites, header.name);
        headers.append(header);
    }
    for (AddDownload &download : request.downloads)
        download.spec.headers = headers;
    return request;
}

AddRequest withSpeedLimit(AddRequest request, const AddForm &form)
{
    const QString text = form.speedLimit.trimmed();
    const auto limit = text.isEmpty() ? core::Result<qint64>(0) : core::parseBytes(text);
    if (!limit)
        return wrong(AddProblem::SpeedLimit, text);
    for (AddDownload &download : request.downloads)
        download.spec.bytesPerSecond = *limit;
    return request;
}

AddRequest withTimes(AddRequest request, const AddForm &form)
{
    const bool isPaused = form.start == AddForm::Start::Paused;
    const QDateTime present = QDateTime::currentDateTime();
    const bool hasStart = form.startAt.isValid() && !isPaused;
    const qint64 startAt = hasStart ? form.startAt.toMSecsSinceEpoch() : 0;
    const qint64 stopAt = form.stopAt.isValid() ? form.stopAt.toMSecsSinceEpoch() : 0;
    if (hasStart && form.startAt <= present)
        return wrong(AddProblem::StartInThePast, formatTime(startAt));
    if (stopAt > 0 && form.stopAt <= present)
        return wrong(AddProblem::StopInThePast, formatTime(stopAt));
    if (stopAt > 0 && stopAt <= startAt)
        return wrong(AddProblem::StopBeforeStart, formatTime(stopAt));
    for (AddDownload &download : request.downloads) {
        download.startPaused = isPaused;
        download.startAt = startAt;
        download.stopAt = stopAt;
    }
    return request;
}

/// Says in `request` what is fetched of every page.
AddRequest withMedia(AddRequest request, const AddForm &form)
{
    if (form.fetch == AddForm::Fetch::File)
        return request;
    core::MediaChoice media{.isAudioOnly = form.fetch == AddForm::Fetch::Sound};
    if (!media.isAudioOnly) {
        const auto languages = core::subtitleLanguages(form.subtitles);
        if (!languages)
            return wrong(AddProblem::Subtitles, languages.error().context);
        media.format = form.format;
        media.subtitles = *languages;
    }
    for (AddDownload &download : request.downloads)
        download.media = media;
    return request;
}

AddRequest withName(AddRequest request, const AddForm &form)
{
    const QString name = form.name.trimmed();
    if (request.downloads.size() > 1)
        return request;
    if (const AddProblem problem = nameProblem(name); problem != AddProblem::None)
        return wrong(problem, name);
    request.downloads.first().spec.name = name;
    return request;
}

AddRequest withMirrors(AddRequest request, const AddForm &form)
{
    if (request.downloads.size() > 1 || form.fetch != AddForm::Fetch::File)
        return request;
    QList<QUrl> mirrors;
    for (const QString &link : linkLines(form.mirrors)) {
        mirrors.append(QUrl(link));
        if (const AddProblem problem = webLinkProblem(mirrors.last()); problem != AddProblem::None)
            return wrong(problem, link);
    }
    if (mirrors.size() > core::DownloadSpec::MaxMirrors)
        return wrong(AddProblem::TooManyMirrors, QString::number(mirrors.size()));
    request.downloads.first().spec.mirrors = mirrors;
    return request;
}

/// A Metalink document brings the checksums of its files.
void lookForChecksums(QList<AddDownload> &downloads)
{
    for (AddDownload &download : downloads)
        if (!core::isMetalinkUrl(download.spec.url))
            download.spec.checksumFrom = u"auto"_s;
}

AddRequest withChecksum(AddRequest request, const AddForm &form)
{
    const bool isSingle = request.downloads.size() == 1;
    const QString text = isSingle ? form.checksum.trimmed() : QString();
    if (form.fetch != AddForm::Fetch::File)
        return request;
    if (text.isEmpty()) {
        if (form.lookForChecksum == AddForm::LookForChecksum::Yes)
            lookForChecksums(request.downloads);
        return request;
    }
    core::DownloadSpec &spec = request.downloads.first().spec;
    if (const QUrl list(text); linkProblem(list) == AddProblem::None && !list.isLocalFile()) {
        spec.checksumFrom = list.toString(QUrl::FullyEncoded);
        return request;
    }
    const auto checksum = checksumFromText(text);
    if (!checksum)
        return wrong(checksum.error().code == core::ErrorCode::Unsupported
                         ? AddProblem::ChecksumUnsupported
                         : AddProblem::Checksum,
                     text);
    if (checksum->algorithm == core::DigestAlgorithm::Sha256)
        spec.sha256 = QString::fromLatin1(checksum->digest.toHex());
    else
        spec.checksum = *checksum;
    return request;
}

} // namespace

QStringList linkLines(const QString &links)
{
    QStringList result;
    for (const QString &line : links.split(u'\n'))
        if (const QString link = line.trimmed(); !link.isEmpty())
            result.append(link);
    result.removeDuplicates();
    return result;
}

AddRequest checked(const AddForm &form)
{
    AddRequest request;
    for (const auto step : {withLinks, withFolder, withAfter, withRequest, withMedia, withHeaders,
                            withSpeedLimit, withTimes, withName, withMirrors, withChecksum}) {
        request = step(std::move(request), form);
        if (request.problem != AddProblem::None)
            break;
    }
    return request;
}

} // namespace ui
