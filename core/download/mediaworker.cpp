#include "core/download/mediaworker.h"

#include "core/base/files.h"
#include "core/base/logging.h"
#include "core/base/shownurl.h"
#include "core/download/filedigest.h"
#include "core/download/filename.h"
#include "core/download/freename.h"
#include "core/download/localtarget.h"
#include "core/download/mediaerror.h"
#include "core/download/mediaprogress.h"
#include "core/download/moverecord.h"
#include "core/download/redirects.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr mode_t PrivateMode = 0600;
/// A list of very many items is one line.
constexpr qsizetype LongestLine = qsizetype(64) << 20;

QString privateFolderOf(const MediaPlace &place, const MediaStaging &staging)
{
    return place.privateFolder.isEmpty()
        ? staging.folder + "/private"_L1
        : QDir(place.privateFolder).filePath(u"media-"_s + place.jobKey);
}

} // namespace

MediaWorker::MediaWorker(MediaSpec spec, MediaPlace place)
    : m_spec(std::move(spec))
    , m_place(std::move(place))
    , m_staging{QDir(m_place.folder).filePath(u".media-"_s + m_place.jobKey), {}}
    , m_cookies(privateFolderOf(m_place, m_staging))
{ }

Result<Outcome> MediaWorker::run(std::stop_token stop, ProgressCell &progress)
{
    m_stop = std::move(stop);
    m_progress = &progress;
    const auto result = work();
    tidy();
    return result;
}

bool MediaWorker::knowsPage(const std::stop_token &stop, ProgressCell &progress)
{
    m_stop = stop;
    m_progress = &progress;
    const auto prepared = prepare();
    const auto resolved = prepared ? resolve() : Result<Outcome>(fail(prepared.error()));
    if (!resolved)
        qCInfo(lcDownload).noquote() << "taken as a file:" << resolved.error().context;
    m_isResolved = resolved == Result<Outcome>(Outcome::Completed);
    if (!m_isResolved)
        tidy();
    return m_isResolved;
}

Result<Outcome> MediaWorker::work()
{
    m_progress->enter(Stage::Resolving);
    if (const auto prepared = prepare(); !prepared)
        return fail(prepared.error());
    if (const QString path = placedBefore(); !path.isEmpty())
        return finish(path);
    const auto resolved = m_isResolved ? Result<Outcome>(Outcome::Completed) : resolve();
    if (!resolved || *resolved == Outcome::Stopped)
        return resolved;
    if (m_page.isList)
        return addItems();
    const auto fetched = fetch();
    if (!fetched || *fetched == Outcome::Stopped)
        return fetched;
    return place();
}

Result<void> MediaWorker::prepare()
{
    m_program = QStandardPaths::findExecutable(u"yt-dlp"_s);
    if (m_program.isEmpty())
        return fail(
            ErrorCode::Unsupported,
            u"yt-dlp is not installed; \"sudo apt install yt-dlp ffmpeg\" or \"pipx install "
            "yt-dlp\" installs it"_s);
    if (const auto made = makeFolder(m_staging.folder); !made)
        return made;
    QFile::setPermissions(m_staging.folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    const auto written = m_cookies.write(m_spec.page);
    m_staging.cookies = m_cookies.path();
    return written;
}

/// Runs yt-dlp. What it complains about becomes the error.
Result<Outcome> MediaWorker::call(const QStringList &arguments, const ChildProcess::OnLine &onLine)
{
    const QByteArray told = mediaConfiguration(m_spec, m_staging);
    const auto end = ChildProcess({.program = m_program,
                                   .arguments = arguments,
                                   .input = told,
                                   .folder = {},
                                   .environment = m_cookies.environment()})
                         .run(m_stop, onLine, LongestLine);
    if (!end)
        return fail(end.error());
    if (end->isStopped)
        return Outcome::Stopped;
    if (end->exitCode != 0)
        return fail(mediaError(end->errorOutput));
    return Outcome::Completed;
}

Result<Outcome> MediaWorker::resolve()
{
    if (const auto checked = checkPage(); !checked)
        return fail(checked.error());
    QByteArray text;
    const auto asked = call(mediaResolveArguments(m_spec), [&text](const auto &line) {
        if (line.startsWith('{'))
            text = line;
    });
    if (!asked || *asked == Outcome::Stopped)
        return asked;
    auto page = mediaPageFromJson(text);
    if (!page)
        return fail(page.error());
    m_page = std::move(*page);
    if (!m_page.title.isEmpty())
        m_progress->edit(
            [this](JobDetails &details) { details.title = safeFileName(m_page.title); });
    if (const auto checked = checkAddresses(); !checked)
        return fail(checked.error());
    if (const auto kept = writeFileAtomically(m_staging.pageFile(), text, PrivateMode); !kept)
        return fail(kept.error());
    return Outcome::Completed;
}

TargetGuard MediaWorker::guard() const
{
    return {m_spec.page.url, m_spec.page.isFromElsewhere, m_place.ownPorts, m_place.lookup};
}

/// yt-dlp looks names up for itself a moment later; where it follows a redirect is not seen here.
Result<void> MediaWorker::checkPage() const
{
    const bool isProxied = !m_spec.page.request.proxy.isEmpty();
    return isProxied ? Result<void>() : guard().check(m_spec.page.url);
}

Result<void> MediaWorker::checkAddresses() const
{
    const bool isProxied = !m_spec.page.request.proxy.isEmpty();
    for (const QUrl &url : m_page.addresses) {
        if (!mayLeadTo(url, m_spec.page.url, m_place.ownPorts))
            return fail(ErrorCode::Forbidden,
                        u"the page leads to %1 on this machine"_s.arg(shownUrl(url)));
        if (isProxied)
            continue;
        if (const auto checked = guard().check(url); !checked)
            return checked;
    }
    return {};
}

Result<Outcome> MediaWorker::addItems()
{
    if (m_spec.isItem) // a page could go on like this without end
        return fail(ErrorCode::Unsupported,
                    u"\"%1\" is a list inside a list; add its link by itself"_s.arg(
                        safeFileName(m_page.title)));
    QList<MediaItem> items;
    for (const MediaPage::Item &item : m_page.items) {
        if (!mayLeadTo(item.url, m_spec.page.url, m_place.ownPorts))
            continue;
        MediaSpec spec = m_spec;
        if (!isSameOrigin(item.url, m_spec.page.url)) {
            spec.page.headers = headersForOtherOrigin(spec.page.headers);
            spec.page.request = requestForOtherOrigin(spec.page.request);
        }
        spec.page.url = item.url;
        spec.isItem = true;
        spec.page.name.clear(); // one name cannot be all of theirs
        items.append({spec, item.title.isEmpty() ? QString() : safeFileName(item.title)});
    }
    if (items.isEmpty())
        return fail(ErrorCode::NotFound,
                    u"the list \"%1\" holds nothing"_s.arg(safeFileName(m_page.title)));
    const auto added = m_place.addItems(items, m_stop);
    if (!added)
        return fail(added.error());
    if (m_stop.stop_requested())
        return Outcome::Stopped;
    m_progress->edit([count = *added](JobDetails &details) {
        details.message = u"%1 items, each a job of its own"_s.arg(count);
    });
    return Outcome::Completed;
}

Result<Outcome> MediaWorker::fetch()
{
    m_progress->enter(Stage::Transferring);
    MediaProgress sum(m_page.sizes);
    MediaSpec spec = m_spec;
    qint64 &limit = spec.page.bytesPerSecond;
    if (m_place.totalLimit > 0)
        limit = limit > 0 ? std::min(limit, m_place.totalLimit) : m_place.totalLimit;
    const auto fetched = call(mediaFetchArguments(spec, m_staging),
                              [&](const auto &line) { onLine(mediaLineFromJson(line), sum); });
    const QFileInfo made(m_made);
    const bool isOurs = made.isFile() && !made.isSymLink() && made.path() == m_staging.folder
        && made.fileName().startsWith(MediaBaseName + u'.');
    if (fetched && *fetched == Outcome::Completed && !isOurs)
        return fail(ErrorCode::ProtocolViolation, u"yt-dlp named no file that it made"_s);
    return fetched;
}

void MediaWorker::onLine(const MediaLine &line, MediaProgress &sum)
{
    if (const auto *fetched = std::get_if<MediaFetched>(&line)) {
        sum.onFetched(*fetched);
        m_progress->setTotal(sum.total());
        m_progress->setDone(sum.done());
    } else if (std::holds_alternative<MediaProcessing>(line)) {
        m_progress->enter(Stage::Writing);
    } else if (const auto *made = std::get_if<MediaMade>(&line)) {
        m_made = made->path;
    }
}

QString MediaWorker::finalName() const
{
    const QString ending = u'.' + QFileInfo(m_made).suffix();
    QString name = m_spec.page.name.isEmpty() ? m_page.title : m_spec.page.name;
    if (name.endsWith(ending, Qt::CaseInsensitive))
        name.chop(ending.size());
    return safeFileName(name + ending);
}

/// The result gets its name. Which one is recorded before: a run that died after the rename finds it.
Result<Outcome> MediaWorker::place()
{
    m_progress->enter(Stage::Moving);
    if (const auto synced = syncFile(m_made); !synced)
        return fail(synced.error());
    const auto record = [this](const QString &path) {
        const QStringList lines{QFileInfo(m_made).fileName(),
                                stampText(stampOf(m_made).value_or(FileStamp())), path};
        return writeFileAtomically(madeFile(), lines.join(u'\n').toUtf8(), PrivateMode);
    };
    const auto path = renameToFreeName(m_made, QDir(m_place.folder).filePath(finalName()), record);
    if (!path)
        return fail(path.error());
    return finish(*path);
}

/// Where an earlier run put the result, empty when it did not.
QString MediaWorker::placedBefore() const
{
    QFile made(madeFile());
    if (!made.open(QIODevice::ReadOnly))
        return {};
    const QString record = QString::fromUtf8(made.readAll());
    const QFileInfo before(QDir(m_staging.folder).filePath(record.section(u'\n', 0, 0)));
    const QFileInfo file(record.section(u'\n', 2));
    const auto stamp = stampOf(file.filePath());
    const bool isSame = stamp && stampText(*stamp) == record.section(u'\n', 1, 1);
    const bool isOurs = isSame && !before.exists() && file.path() == m_place.folder;
    return isOurs ? file.filePath() : QString();
}

/// What came with the result (subtitles) is named like it.
Result<void> MediaWorker::placeCompanions(const QString &path)
{
    const QString base = QFileInfo(path).completeBaseName();
    const QDir staging(m_staging.folder);
    for (const QString &name : staging.entryList({MediaBaseName + u".*"_s}, QDir::Files)) {
        const QString ending = name.sliced(MediaBaseName.size());
        const auto moved =
            renameToFreeName(staging.filePath(name), QDir(m_place.folder).filePath(base + ending));
        if (!moved)
            return fail(moved.error());
    }
    return syncFolder(m_place.folder);
}

Result<Outcome> MediaWorker::finish(const QString &path)
{
    if (const auto placed = placeCompanions(path); !placed)
        return fail(placed.error());
    m_progress->enter(Stage::Hashing);
    const auto digest = fileDigest(path, m_stop);
    if (!digest)
        return fail(digest.error());
    if (digest->isEmpty())
        return Outcome::Stopped;
    const qint64 bytes = QFileInfo(path).size();
    m_progress->setTotal(std::max(bytes, m_progress->read().done));
    m_progress->setDone(m_progress->read().total);
    m_progress->edit([&](JobDetails &details) {
        details.target = path;
        details.title = QFileInfo(path).fileName();
        details.sha256 = *digest;
    });
    return Outcome::Completed;
}

/// Secrets do not stay on disk between runs, nor does a folder in which nothing was begun.
void MediaWorker::tidy() const
{
    m_cookies.remove();
    QFile::remove(m_staging.pageFile());
    QDir().rmdir(m_staging.folder); // refuses when something is in it
}

void MediaWorker::discard()
{
    m_cookies.remove(); // of a run that was killed
    QDir staging(m_staging.folder);
    if (staging.exists() && !staging.removeRecursively())
        qCWarning(lcDownload) << "cannot remove" << m_staging.folder;
}

} // namespace core
