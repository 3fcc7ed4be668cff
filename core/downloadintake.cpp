#include "core/downloadintake.h"

#include "core/base/categoryrulesjson.h"
#include "core/download/downloadspecjson.h"
#include "core/download/filename.h"
#include "core/store/settings.h"
#include "core/storedspecjson.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

QString firstTitle(const DownloadSpec &spec)
{
    if (!spec.name.isEmpty())
        return spec.name;
    const QString fromPath = spec.url.fileName(QUrl::FullyDecoded);
    return fromPath.isEmpty() ? spec.url.host() : fromPath;
}

/// Whether the spec says by itself who asks.
bool hasLogin(const DownloadSpec &spec)
{
    const bool hasHeader = std::ranges::any_of(spec.headers, [](const HeaderLine &line) {
        return line.name.compare("authorization"_L1, Qt::CaseInsensitive) == 0;
    });
    return hasHeader || !spec.request.netrc.isEmpty() || !spec.request.user.isEmpty()
        || !spec.url.userInfo().isEmpty();
}

} // namespace

DownloadIntake::DownloadIntake(Surroundings surroundings)
    : m_surroundings(std::move(surroundings))
    , m_sources(m_surroundings.registry)
{ }

Result<void> DownloadIntake::complete(const Principal &who, DownloadSpec &spec) const
{
    if (const auto chosen = chooseFolder(spec); !chosen)
        return chosen;
    if (!spec.ifExists)
        spec.ifExists = usualIfExists();
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
    return targetRules().check(who, spec);
}

const JobSnapshot *DownloadIntake::findTwin(const Principal &who, const QUrl &url)
{
    return m_sources.find(who, withoutSecrets(url));
}

QString DownloadIntake::downloadFolder() const
{
    if (!m_surroundings.fixedFolder.isEmpty())
        return m_surroundings.fixedFolder;
    const QString chosen = m_surroundings.settings.value(u"download.folder").toString();
    return chosen.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::DownloadLocation)
                            : chosen;
}

CategoryRules DownloadIntake::categories() const
{
    const auto rules =
        categoryRulesFromJson(m_surroundings.settings.value(u"download.categories").toString());
    return rules.value_or(CategoryRules()); // what does not parse is not stored
}

/// Gives a download without a folder that of its category, else the download folder.
Result<void> DownloadIntake::chooseFolder(DownloadSpec &spec) const
{
    const CategoryRules rules = categories();
    const QStringList names = rules.names();
    const Category *category = spec.category.isEmpty() ? rules.match(spec.url, firstTitle(spec))
                                                       : rules.find(spec.category);
    if (!category && !spec.category.isEmpty())
        return fail(
            ErrorCode::InvalidArgument,
            names.isEmpty()
                ? u"category: there is no \"%1\", nor any other"_s.arg(spec.category)
                : u"category: \"%1\" is none of %2"_s.arg(spec.category, names.join(u", "_s)));
    if (!spec.to.isEmpty())
        return {};
    spec.category = category ? category->name : QString();
    spec.to = category ? folderOf(*category, downloadFolder()) : downloadFolder();
    return {};
}

TargetRules DownloadIntake::targetRules() const
{
    QStringList folders{downloadFolder()};
    const CategoryRules rules = categories();
    for (const Category &category : rules.categories())
        if (QDir::isAbsolutePath(category.folder))
            folders.append(category.folder);
    return {folders, m_surroundings.ownPorts()};
}

std::optional<IfExists> DownloadIntake::usualIfExists() const
{
    const auto usual =
        ifExistsFromName(m_surroundings.settings.value(u"download.ifExists").toString());
    return usual == IfExists::Rename ? std::nullopt : usual;
}

/// The job that is asked for; one that has nothing to do has succeeded already. Fails with
/// `FileExists` when it was asked to ask and there is something to be asked about.
Result<JobSnapshot> DownloadIntake::jobFor(const Principal &who, const DownloadSpec &spec)
{
    JobSnapshot job{
        .kind = JobKind::Download,
        .owner = who.owner,
        .state = JobState::Queued,
        .details = {.title = firstTitle(spec)},
        .source = withoutSecrets(spec.url),
        .spec = encodeSpec(spec),
        .speedLimit = spec.bytesPerSecond,
    };
    if (spec.ifExists != IfExists::Ask && spec.ifExists != IfExists::Skip)
        return job;
    const JobSnapshot *twin = m_sources.find(who, job.source);
    // The name made safe: a link must not ask about files elsewhere.
    const QString name = spec.name.isEmpty() ? downloadName({}, spec.url) : spec.name;
    const QString path = QDir(spec.to).filePath(name);
    if (spec.ifExists == IfExists::Ask && twin)
        return fail(ErrorCode::FileExists,
                    u"job %1 is for the same link %2"_s.arg(twin->id.toString(), job.source));
    if (spec.ifExists == IfExists::Ask && QFileInfo::exists(path))
        return fail(ErrorCode::FileExists, u"%1 exists"_s.arg(path));
    if (spec.ifExists == IfExists::Skip && twin) {
        job.state = JobState::Succeeded;
        job.finishedAt = m_surroundings.clock.wallTime().count();
        job.details.message = u"skipped: job %1 is for the same link"_s.arg(twin->id.toString());
    }
    return job;
}

QList<JobSnapshot> DownloadIntake::followers(const JobSnapshot &download, const DownloadSpec &spec)
{
    QList<JobSnapshot> jobs;
    for (const AfterAction &action : spec.after)
        jobs.append({
            .kind = action.kind == AfterAction::Kind::Extract ? JobKind::Extract : JobKind::Command,
            .owner = download.owner,
            .details = {.title = download.details.title},
            .source = u"job "_s + download.id.toString(),
            .spec = encodeSpec(action),
            .prerequisites = {download.id},
        });
    return jobs;
}

} // namespace core
