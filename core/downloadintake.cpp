#include "core/downloadintake.h"

#include "core/base/metalinkurl.h"
#include "core/base/shownurl.h"
#include "core/download/filename.h"
#include "core/jobs/jobregistry.h"
#include "core/replacedfile.h"
#include "core/store/settings.h"
#include "core/storedspecjson.h"

#include <QDir>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// Whether the spec says by itself who asks.
bool hasLogin(const DownloadSpec &spec)
{
    const bool hasHeader = std::ranges::any_of(spec.headers, [](const HeaderLine &line) {
        return line.name.compare("authorization"_L1, Qt::CaseInsensitive) == 0;
    });
    return hasHeader || !spec.request.netrc.isEmpty() || !spec.request.user.isEmpty()
        || !spec.url.userInfo().isEmpty();
}

/// Where the file will be, as far as that is known before its server was asked. The name is made safe: a
/// link must not ask about files elsewhere.
QString likelyPath(const DownloadSpec &spec)
{
    const QString name = spec.name.isEmpty() ? downloadName({}, spec.url) : spec.name;
    return QDir(spec.to).filePath(name);
}

} // namespace

DownloadIntake::DownloadIntake(Surroundings surroundings)
    : m_surroundings(std::move(surroundings))
    , m_sources(m_surroundings.registry)
{ }

Result<void> DownloadIntake::complete(const Principal &who, DownloadSpec &spec) const
{
    if (!spec.isMetalink && isMetalinkUrl(spec.url) && memberOfOneFile(spec).isEmpty())
        spec.isMetalink = true;
    const bool isMetalink = spec.isMetalink.value_or(false);
    const bool isEachPlaced = isMetalink && spec.to.isEmpty();
    const QString category = spec.category;
    if (const auto chosen = folders().choose(spec); !chosen)
        return chosen;
    if (const auto usual = usualIfExists(); !spec.ifExists)
        spec.ifExists = isMetalink && usual == IfExists::Overwrite ? std::nullopt : usual;
    spec.isFromElsewhere |= who.isRemote;
    // ".." behind a link would lead elsewhere than the text says.
    for (QString *path : {&spec.to, &spec.request.cookies, &spec.request.netrc})
        if (!path->isEmpty())
            *path = QDir::cleanPath(*path);
    for (AfterAction &action : spec.after)
        if (!action.folder.isEmpty())
            action.folder = QDir::cleanPath(action.folder);
    // The file holds the user's own passwords: only those who may see them send them somewhere.
    if (who.has(Scope::Admin) && !hasLogin(spec))
        spec.request.netrc = m_surroundings.settings.value(u"download.netrc").toString();
    if (const auto checked = checkSpec(spec); !checked)
        return checked;
    if (const auto checked = targetRules().check(who, spec); !checked)
        return checked;
    spareFilesOfOthers(who, spec);
    if (isEachPlaced) { // the files of a Metalink document, when they are known
        spec.to.clear();
        spec.category = category;
    }
    return {};
}

void DownloadIntake::spareFilesOfOthers(const Principal &who, DownloadSpec &spec) const
{
    // No other path than this may be overwritten, see namingFor().
    if (spec.ifExists == IfExists::Overwrite
        && isFileOfOthers(who, likelyPath(spec), m_surroundings.registry.snapshots()))
        spec.ifExists = IfExists::Rename;
}

QStringList DownloadIntake::filesOf(const Principal &who, const QUrl &url)
{
    QStringList files;
    for (const JobSnapshot &job : m_sources.find(who, url))
        if (isFinal(job.state))
            files.append(job.details.target);
    return files;
}

std::optional<JobSnapshot>
DownloadIntake::findTwin(const Principal &who, const QUrl &url, const QSet<QString> &there)
{
    for (const JobSnapshot &job : m_sources.find(who, url))
        if (!isFinal(job.state) || there.contains(job.details.target))
            return job;
    return std::nullopt;
}

QStringList DownloadIntake::filesToLookAt(const Principal &who, const DownloadSpec &spec)
{
    if (spec.ifExists != IfExists::Ask && spec.ifExists != IfExists::Skip)
        return {};
    return filesOf(who, spec.url) << likelyPath(spec);
}

FolderChoice DownloadIntake::folders() const
{
    return folderChoice(m_surroundings.settings, m_surroundings.fixedFolder);
}

TargetRules DownloadIntake::targetRules() const
{
    const FolderChoice choice = folders();
    QStringList folders{choice.downloadFolder};
    for (const Category &category : choice.rules.categories())
        if (QDir::isAbsolutePath(category.folder))
            folders.append(category.folder);
    return {folders, m_surroundings.ownPorts(),
            m_surroundings.settings.value(u"flash.imagesFolder").toString()};
}

std::optional<IfExists> DownloadIntake::usualIfExists() const
{
    const auto usual =
        ifExistsFromName(m_surroundings.settings.value(u"download.ifExists").toString());
    return usual == IfExists::Rename ? std::nullopt : usual;
}

/// The job that is asked for; one that has nothing to do has succeeded already. Fails with
/// `FileExists` when it was asked to ask and there is something to be asked about.
Result<JobSnapshot>
DownloadIntake::jobFor(const Principal &who, const DownloadSpec &spec, const QSet<QString> &there)
{
    JobSnapshot job{
        .kind = JobKind::Download,
        .owner = who.owner,
        .state = JobState::Queued,
        .details = {.title = firstTitle(spec)},
        .source = shownUrl(spec.url),
        .spec = encodeSpec(spec),
        .speedLimit = spec.bytesPerSecond,
    };
    if (spec.ifExists != IfExists::Ask && spec.ifExists != IfExists::Skip)
        return job;
    const auto twin = findTwin(who, spec.url, there);
    if (spec.ifExists == IfExists::Ask && twin)
        return fail(ErrorCode::FileExists,
                    u"job %1 is for the same link %2"_s.arg(twin->id.toString(), job.source));
    const QString path = likelyPath(spec);
    if (spec.ifExists == IfExists::Ask && !spec.isMetalink.value_or(false) && there.contains(path))
        return fail(ErrorCode::FileExists, u"%1 exists"_s.arg(path));
    if (spec.ifExists == IfExists::Skip && twin) {
        job.state = JobState::Succeeded;
        job.finishedAt = m_surroundings.clock.wallTime().count();
        job.details.message = u"skipped: job %1 is for the same link"_s.arg(twin->id.toString());
    }
    return job;
}

} // namespace core
