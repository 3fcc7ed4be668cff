#include "ui/dialogs/addform.h"

#include "core/base/digest.h"
#include "core/base/metalinkurl.h"
#include "core/base/proxyaddress.h"
#include "core/base/subtitlelanguages.h"
#include "core/base/urlpattern.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype MaxNameBytes = 255; // NAME_MAX of every file system we write to

AddProblem linkProblem(const QUrl &url)
{
    if (url.scheme().isEmpty() || url.scheme().size() < 2)
        return AddProblem::NotALink;
    if (url.isLocalFile() && core::isMetalinkUrl(url))
        return QFileInfo(url.toLocalFile()).isFile() ? AddProblem::None : AddProblem::NotALink;
    if (url.scheme() != u"http" && url.scheme() != u"https")
        return AddProblem::Scheme;
    return url.isValid() && !url.host().isEmpty() ? AddProblem::None : AddProblem::NotALink;
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
        && name != u".." && name.toUtf8().size() <= MaxNameBytes;
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
    if (request.user.contains(u':') || (request.user.isEmpty() && !request.password.isEmpty()))
        return AddProblem::UserName;
    return AddProblem::None;
}

/// Never a password.
QString valueAtFault(AddProblem problem, const core::RequestSpec &request)
{
    if (problem == AddProblem::CookieFile)
        return request.cookies;
    return problem == AddProblem::UserName ? request.user : QString();
}

/// A password typed once must not go to whoever else is in the list.
bool leadsToSeveralSites(const QList<core::DownloadSpec> &specs)
{
    return std::ranges::any_of(specs, [&specs](const core::DownloadSpec &spec) {
        const QUrl &first = specs.first().url;
        return spec.url.host() != first.host() || spec.url.scheme() != first.scheme()
            || spec.url.port() != first.port();
    });
}

/// As pasted from a web page or a checksum file: any case, "sha256:" before it.
QString plainChecksum(const QString &text)
{
    QString plain = text.trimmed().toLower();
    if (plain.startsWith(u"sha256:"))
        plain.remove(0, 7);
    return plain;
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

/// Takes the links that `line` stands for into `request`; `common` is what all have.
AddRequest withLinks(AddRequest request, const QString &line, const core::DownloadSpec &common)
{
    const auto links = core::UrlPattern::expand(line);
    if (!links)
        return wrong(AddProblem::Pattern, line);
    if (request.specs.size() + links->size() > core::UrlPattern::MaxLinks)
        return wrong(AddProblem::Pattern, line);
    for (const QString &link : *links) {
        const QUrl url(link);
        if (const AddProblem problem = linkProblem(url); problem != AddProblem::None)
            return wrong(problem, link);
        request.specs.append(common);
        request.specs.last().url = url;
    }
    return request;
}

/// Says in `request` what is fetched of every page.
AddRequest withMedia(AddRequest request, const AddForm &form)
{
    if (form.fetch == AddForm::Fetch::File)
        return request;
    request.media = core::MediaChoice{.isAudioOnly = form.fetch == AddForm::Fetch::Sound};
    if (request.media->isAudioOnly)
        return request;
    const auto languages = core::subtitleLanguages(form.subtitles);
    if (!languages)
        return wrong(AddProblem::Subtitles, languages.error().context);
    request.media->format = form.format;
    request.media->subtitles = *languages;
    return request;
}

/// Takes what counts for a single link into `request`.
AddRequest withSingle(AddRequest request, const AddForm &form)
{
    const QString name = form.name.trimmed();
    const QString sha256 = request.media ? QString() : plainChecksum(form.sha256);
    if (const AddProblem problem = nameProblem(name); problem != AddProblem::None)
        return wrong(problem, name);
    if (!sha256.isEmpty() && !core::isSha256Hex(sha256))
        return wrong(AddProblem::Checksum, sha256);
    request.specs.first().name = name;
    request.specs.first().sha256 = sha256;
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
    const QStringList links = linkLines(form.links);
    const QString folder = withHome(form.folder.trimmed());
    core::DownloadSpec common{.to = folder,
                              .category = form.category,
                              .connections = form.connections,
                              .request = form.request,
                              .ifExists = core::IfExists::Ask};
    if (form.unpack == AddForm::Unpack::Yes && form.fetch == AddForm::Fetch::File)
        common.after.append(core::AfterAction{});
    for (core::AfterAction action : form.after) {
        if (!action.folder.isEmpty())
            action.folder = withHome(action.folder);
        common.after.append(action);
    }
    AddRequest request;
    for (const QString &line : links) {
        request = withLinks(std::move(request), line, common);
        if (request.problem != AddProblem::None)
            return request;
    }
    if (links.isEmpty())
        return wrong(AddProblem::NoLink, {});
    if (const AddProblem problem = folderProblem(folder); problem != AddProblem::None)
        return wrong(problem, folder);
    for (const core::AfterAction &action : common.after)
        if (const AddProblem problem = folderProblem(action.folder); problem != AddProblem::None)
            return wrong(problem, action.folder);
    if (const AddProblem problem = requestProblem(form.request); problem != AddProblem::None)
        return wrong(problem, valueAtFault(problem, form.request));
    if (!form.request.user.isEmpty() && leadsToSeveralSites(request.specs))
        return wrong(AddProblem::LoginForSeveralSites, form.request.user);
    request = withMedia(std::move(request), form);
    return request.specs.size() == 1 ? withSingle(std::move(request), form) : request;
}

} // namespace ui
