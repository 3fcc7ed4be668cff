#include "core/targetrules.h"

#include "core/base/categoryrulesjson.h"
#include "core/base/proxyaddress.h"
#include "core/base/shownurl.h"
#include "core/download/localtarget.h"
#include "core/store/settings.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

bool isInside(const QString &path, const QString &folder)
{
    const QString clean = QDir::cleanPath(path);
    const QString root = QDir::cleanPath(folder);
    return clean == root || clean.startsWith(root.endsWith(u'/') ? root : root + u'/');
}

bool liesInside(const QString &path, const QStringList &folders)
{
    const QString real = QFileInfo(path).canonicalFilePath();
    return !real.isEmpty() && std::ranges::any_of(folders, [&real](const QString &folder) {
        const QString realFolder = QFileInfo(folder).canonicalFilePath();
        return !realFolder.isEmpty() && isInside(real, realFolder);
    });
}

Result<OpenFile> openInside(const QString &path, const QStringList &folders)
{
    // Links are resolved, so that a link in the folder leads nobody out of it.
    const QString real = QFileInfo(path).canonicalFilePath();
    if (real.isEmpty())
        return fail(ErrorCode::NotFound, u"%1 is not there any more"_s.arg(path));
    // The likely ones first: another folder's disk need not answer.
    QStringList likelyFirst = folders;
    std::stable_partition(likelyFirst.begin(), likelyFirst.end(),
                          [&path](const QString &folder) { return isInside(path, folder); });
    if (!liesInside(real, likelyFirst))
        return fail(ErrorCode::Forbidden, u"%1 is outside the download folder"_s.arg(real));
    return openRegularFile(real);
}

FolderChoice folderChoice(const Settings &settings, const QString &fixedFolder)
{
    const auto rules = categoryRulesFromJson(settings.value(u"download.categories").toString());
    QString folder = fixedFolder;
    if (folder.isEmpty())
        folder = settings.value(u"download.folder").toString();
    if (folder.isEmpty())
        folder = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    return {rules.value_or(CategoryRules()), folder}; // what does not parse is not stored
}

bool TargetRules::isInFolders(const QString &path) const
{
    return std::ranges::any_of(folders,
                               [&path](const QString &folder) { return isInside(path, folder); });
}

QStringList TargetRules::imageFolders() const
{
    return imagesFolder.isEmpty() ? folders : folders + QStringList{imagesFolder};
}

bool TargetRules::holdsImage(const QString &path) const
{
    return isInFolders(path) || (!imagesFolder.isEmpty() && isInside(path, imagesFolder));
}

Result<void> TargetRules::check(const Principal &who, const DownloadSpec &spec) const
{
    if (!who.has(Scope::Admin) && !isInFolders(spec.to))
        return fail(
            ErrorCode::Forbidden,
            u"the folder %1 is outside the download folder %2"_s.arg(spec.to, folders.value(0)));
    QStringList paths = localFiles(spec.request);
    if (spec.url.isLocalFile() && who.isRemote)
        return fail(ErrorCode::Forbidden, u"a remote program may not name files here"_s);
    if (spec.url.isLocalFile())
        paths.append(QDir::cleanPath(spec.url.toLocalFile()));
    for (const QString &path : paths)
        if (!who.has(Scope::Admin) && !isInFolders(path))
            return fail(ErrorCode::Forbidden, u"%1 is outside the download folder"_s.arg(path));
    if (const auto checked = checkAfter(who, spec.after); !checked)
        return checked;
    if (const auto checked = checkHost(who, spec.url); !checked)
        return checked;
    for (const QUrl &mirror : spec.mirrors)
        if (const auto checked = checkHost(who, mirror); !checked)
            return checked;
    const bool namesList = !spec.checksumFrom.isEmpty() && spec.checksumFrom != "auto"_L1;
    if (namesList)
        if (const auto checked = checkHost(who, QUrl(spec.checksumFrom)); !checked)
            return checked;
    // Whoever names a proxy makes us connect to it.
    const auto proxy = ProxyAddress::parse(spec.request.proxy);
    return proxy ? checkHost(who, proxy->url()) : Result<void>();
}

Result<void> TargetRules::checkAfter(const Principal &who, const QList<AfterAction> &after) const
{
    if (who.has(Scope::Admin))
        return {};
    for (const AfterAction &action : after) {
        if (startsProgram(action.kind))
            return fail(
                ErrorCode::Forbidden,
                u"\"%1\" lacks the scope admin, which a program to start needs"_s.arg(who.name));
        if (action.kind == AfterAction::Kind::Move && !isInFolders(action.folder))
            return fail(ErrorCode::Forbidden,
                        u"the folder %1 is outside the download folder %2"_s.arg(action.folder,
                                                                                 folders.value(0)));
    }
    return {};
}

Result<void> TargetRules::checkHost(const Principal &who, const QUrl &url) const
{
    if (!isLocalTarget(url))
        return {};
    if (who.isRemote)
        return fail(
            ErrorCode::Forbidden,
            u"%1 is on this machine; a remote program may not fetch from it"_s.arg(shownUrl(url)));
    const int port = url.port(url.scheme() == "https"_L1 ? 443 : 80);
    if (ownPorts.contains(quint16(port)))
        return fail(ErrorCode::Forbidden, u"%1 is Dray's own address"_s.arg(shownUrl(url)));
    return {};
}

} // namespace core
