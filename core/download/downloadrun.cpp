#include "core/download/downloadrun.h"

#include "core/base/logging.h"
#include "core/download/checksumlookup.h"
#include "core/download/filedigest.h"
#include "core/download/filename.h"
#include "core/download/transfer.h"

#include <QDir>
#include <QFileInfo>

#include <unistd.h>

#include <cerrno>

namespace core {

using namespace Qt::StringLiterals;

QString folderOf(const DownloadPlace &place)
{
    return place.target.isEmpty() ? place.folder : QFileInfo(place.target).path();
}

namespace {

std::optional<DigestAlgorithm> algorithmOf(const std::optional<ExpectedChecksum> &expected)
{
    return expected ? std::optional(expected->checksum.algorithm) : std::nullopt;
}

QString hexOf(const QByteArray &digest)
{
    return QString::fromLatin1(digest.toHex());
}

} // namespace

DownloadRun::DownloadRun(const DownloadSpec &spec,
                         const DownloadPlace &place,
                         ProgressCell &progress,
                         std::stop_token stop)
    : m_spec(spec)
    , m_place(place)
    , m_progress(progress)
    , m_stop(std::move(stop))
    , m_source(spec, place)
    , m_given(ExpectedChecksum::givenBy(spec))
{ }

Result<Outcome> DownloadRun::execute()
{
    constexpr std::array Steps = std::to_array<Step>(
        {&DownloadRun::openFolder, &DownloadRun::findEarlier, &DownloadRun::findChecksum,
         &DownloadRun::askServer, &DownloadRun::openPart, &DownloadRun::transferBytes,
         &DownloadRun::hashRest, &DownloadRun::checkDigest, &DownloadRun::moveToTarget});
    for (const Step step : Steps) {
        if (m_stop.stop_requested())
            return Outcome::Stopped;
        const Result<Outcome> result = (this->*step)();
        if (!result || *result == Outcome::Stopped || m_isFinished)
            return result;
    }
    return Outcome::Completed;
}

Result<Outcome> DownloadRun::openFolder()
{
    m_progress.enter(Stage::Resolving);
    const QString folder = folderOf(m_place);
    errno = 0;
    if (!QDir().mkpath(folder))
        return fail(fileError(errno != 0 ? errno : ENOTDIR, folder));
    if (::access(QFile::encodeName(folder).constData(), W_OK | X_OK) != 0)
        return fail(fileError(errno, folder));
    return Outcome::Completed;
}

Result<Outcome> DownloadRun::findEarlier()
{
    auto found = m_place.mayHaveFiles ? Landing::find(folderOf(m_place), m_place.jobKey)
                                      : Result<std::optional<Landing>>(std::nullopt);
    if (!found)
        return fail(found.error());
    m_landing = std::move(*found);
    if (m_landing && !m_landing->part())
        return finishRenamed(m_landing->record().finalTarget, m_landing->record().digest);
    if (m_landing)
        return Outcome::Completed;
    if (!m_spec.name.isEmpty() && isSkipped(m_spec.name))
        return Outcome::Completed;
    const QString chosen = QDir(folderOf(m_place)).filePath(m_spec.name);
    const bool mustBeFree =
        !m_spec.name.isEmpty() && naming(m_spec.name) == Landing::Naming::Chosen;
    if (mustBeFree && QFileInfo::exists(chosen))
        return fail(ErrorCode::FileExists, u"%1 exists"_s.arg(chosen));
    if (m_progress.read().done > 0)
        m_progress.beginAgain();
    return Outcome::Completed;
}

Result<Outcome> DownloadRun::finishRenamed(const QString &path, const QString &digest)
{
    m_progress.enter(Stage::Hashing);
    const auto expectation = expected(m_landing->record().identity);
    const auto found = fileDigests(path, algorithmOf(expectation), m_stop);
    if (!found)
        return fail(found.error());
    if (found->sha256.isEmpty())
        return Outcome::Stopped;
    m_digests = *found;
    auto wrong = expectation ? expectation->mismatch(m_digests) : std::nullopt;
    if (!wrong && isSha256Hex(digest)) // what it was when it got its name
        wrong = ExpectedChecksum{Checksum::ofSha256(digest), {}}.mismatch(m_digests);
    if (wrong)
        return fail(wrong->code, u"%1: %2"_s.arg(path, wrong->context));
    const qint64 bytes = QFileInfo(path).size();
    m_progress.setTotal(bytes);
    m_progress.setDone(bytes);
    showTarget(path);
    showDigest();
    showPraise(expectation ? expectation->praise() : QString());
    m_isFinished = true;
    return Outcome::Completed;
}

bool DownloadRun::isComplete() const
{
    return m_landing && m_landing->record().isComplete();
}

/// The first bytes that are missing; all, unless an answer can be proven to go on from what is here.
Probe::Question DownloadRun::question() const
{
    const Probe::Question all;
    if (!m_landing)
        return all;
    const JournalRecord &record = m_landing->record();
    if (record.identity.size <= 0 || record.done.isEmpty())
        return all;
    const ByteRange gap =
        RangePlanner(record.identity.size, record.done).free().list().constFirst();
    const Overlap overlap = overlapBefore(*m_landing->part(), record.done, gap.begin);
    const bool canJoin = record.identity.hasValidator() || overlap.proves;
    return canJoin ? Probe::Question{gap, overlap, &record.identity} : all;
}

Result<Outcome> DownloadRun::findChecksum()
{
    if (isComplete() && m_spec.checksumFrom.isEmpty())
        return Outcome::Completed;
    if (const auto prepared = m_source.prepare(); !prepared)
        return fail(prepared.error());
    if (m_spec.checksumFrom.isEmpty())
        return Outcome::Completed;
    const auto found = ChecksumLookup(m_source).run(m_spec, m_stop);
    if (!found)
        return fail(found.error());
    m_given = *found;
    return m_stop.stop_requested() ? Outcome::Stopped : Outcome::Completed;
}

Result<Outcome> DownloadRun::askServer()
{
    if (isComplete())
        return Outcome::Completed;
    const Result<Outcome> asked = ask(question());
    if (!asked || *asked == Outcome::Stopped)
        return asked;
    const bool wasChanged =
        m_landing && m_landing->record().standing == JournalRecord::Standing::Changed;
    const bool isProven = m_answer->verdict == Verdict::Write;
    // Whoever runs a job again that failed for this wants the file as it is on the server.
    if (wasChanged && !isProven)
        return ask(Probe::Question{});
    if (m_answer->verdict != Verdict::Changed)
        return Outcome::Completed;
    const Error error =
        remoteChanged(m_source.shownUrl(), m_landing->record().identity, m_answer->head.identity());
    if (const auto marked = markChanged(); !marked)
        return fail(marked.error());
    return fail(error);
}

Result<Outcome> DownloadRun::ask(const Probe::Question &question)
{
    m_answer.reset();
    Probe probe(m_source, m_place.retry, m_progress);
    auto answer = probe.run(question, m_stop);
    if (!answer)
        return fail(answer.error());
    m_answer = std::move(*answer);
    return m_answer ? Outcome::Completed : Outcome::Stopped;
}

Result<void> DownloadRun::markChanged() const
{
    JournalRecord record = m_landing->record();
    record.standing = JournalRecord::Standing::Changed;
    return writeJournal(m_landing->journalPath(), record);
}

Result<Landing> DownloadRun::claim(const QString &name) const
{
    const JournalRecord record{m_place.jobKey, m_spec.url, m_answer->head.identity()};
    return Landing::claim(folderOf(m_place), name, naming(name), record);
}

/// Only a name that the user saw may replace a file: one of Content-Disposition or of a redirect
/// would let the server choose which.
Landing::Naming DownloadRun::naming(const QString &name) const
{
    const QString seen =
        m_spec.name.isEmpty() ? safeFileName(nameFromUrl(m_spec.url)) : m_spec.name;
    if (m_spec.ifExists == IfExists::Overwrite)
        return name == seen ? Landing::Naming::Replacing : Landing::Naming::Derived;
    const bool isChosen = !m_spec.name.isEmpty() && m_spec.ifExists != IfExists::Rename;
    return isChosen ? Landing::Naming::Chosen : Landing::Naming::Derived;
}

/// Whether the user wants no second file of this name. The one that is there is not the job's, so
/// the job does not name it as its target: removing the job with its file leaves it alone.
bool DownloadRun::isSkipped(const QString &name)
{
    const QString path = QDir(folderOf(m_place)).filePath(name);
    m_isFinished = m_spec.ifExists == IfExists::Skip && QFileInfo::exists(path);
    if (m_isFinished)
        m_progress.edit([&path](JobDetails &details) {
            details.target.clear();
            details.message = u"skipped: %1 exists"_s.arg(path);
        });
    return m_isFinished;
}

Result<Outcome> DownloadRun::openPart()
{
    if (!m_landing) {
        const QString name = m_spec.name.isEmpty()
            ? downloadName(m_answer->head.contentDisposition, m_answer->head.url)
            : m_spec.name;
        if (isSkipped(name))
            return Outcome::Completed;
        auto landing = claim(name);
        if (!landing)
            return fail(landing.error());
        m_landing.emplace(std::move(*landing));
    }
    showTarget(m_landing->target());
    const qint64 size = m_answer ? m_answer->head.identity().size : -1;
    if (size >= 0)
        if (const auto reserved = m_landing->part()->reserve(size); !reserved)
            return giveUp(reserved.error());
    return assemble();
}

/// Nothing was fetched yet, so nothing stays behind.
Result<Outcome> DownloadRun::giveUp(const Error &why) const
{
    if (m_landing->record().done.isEmpty())
        Landing::discard(folderOf(m_place), m_place.jobKey);
    return fail(why);
}

Result<Outcome> DownloadRun::assemble()
{
    JournalRecord record = m_landing->record();
    record.standing = JournalRecord::Standing::Good;
    record.frontiers.clear(); // the checkpointer's
    const auto algorithm =
        algorithmOf(expected(m_answer ? m_answer->head.identity() : record.identity));
    m_assembly = std::make_unique<FileAssembly>(*m_landing->part(), m_landing->journalPath(),
                                                std::move(record), m_progress, algorithm);
    if (isComplete() || m_answer->joins)
        return Outcome::Completed;
    RemoteIdentity identity = m_answer->head.identity();
    if (m_answer->verdict == Verdict::Empty)
        identity.size = 0;
    const bool isFresh = m_landing->record().done.isEmpty() && identity.size >= 0
        && identity == m_landing->record().identity;
    if (isFresh)
        return Outcome::Completed;
    if (const auto begun = m_assembly->startOver(identity); !begun)
        return fail(begun.error());
    return Outcome::Completed;
}

Result<Outcome> DownloadRun::transferBytes()
{
    if (m_assembly->planner().isComplete())
        return Outcome::Completed;
    const int connections = m_spec.connections > 0 ? m_spec.connections : m_place.connections;
    Transfer transfer(m_source, *m_assembly, m_progress,
                      {connections, m_place.speed, m_place.retry, m_place.tuning, m_place.budget});
    const Result<Outcome> result = transfer.run(std::move(*m_answer), m_stop);
    const auto flushed = m_assembly->flush();
    if (!result && !flushed)
        qCWarning(lcDownload) << "the journal stays behind:" << flushed.error().context;
    if (result && !flushed)
        return fail(flushed.error());
    return result;
}

Result<Outcome> DownloadRun::hashRest()
{
    const qint64 size = m_assembly->record().identity.size;
    if (m_assembly->hasher().hashed() < size)
        m_progress.enter(Stage::Hashing);
    // What is hashed is the file: nothing an earlier, longer stream wrote stays behind its end.
    if (const auto cut = m_landing->part()->truncate(size); !cut)
        return fail(cut.error());
    const auto digests = m_assembly->hasher().finish(size, m_stop);
    if (!digests)
        return fail(digests.error());
    m_digests = *digests;
    // An answer that came later announced what was not hashed beside the transfer.
    const auto algorithm = algorithmOf(expected(m_assembly->record().identity));
    if (!m_digests.sha256.isEmpty() && algorithm && m_digests.by(*algorithm).isEmpty()) {
        const auto again = fileDigests(m_landing->part()->path(), algorithm, m_stop);
        if (!again)
            return fail(again.error());
        m_digests = *again;
    }
    return m_digests.sha256.isEmpty() ? Outcome::Stopped : Outcome::Completed;
}

Result<Outcome> DownloadRun::checkDigest()
{
    showDigest();
    const auto expectation = expected(m_assembly->record().identity);
    const auto wrong = expectation ? expectation->mismatch(m_digests) : std::nullopt;
    if (!wrong) {
        const QString none = m_spec.checksumFrom.isEmpty()
            ? QString()
            : u"no checksum was found beside the file; it is not verified"_s;
        showPraise(expectation ? expectation->praise() : none);
        return Outcome::Completed;
    }
    const auto aside = m_landing->keepAside();
    if (!aside)
        return fail(aside.error());
    return fail(wrong->code, u"%1; the file is kept as %2"_s.arg(wrong->context, *aside));
}

std::optional<ExpectedChecksum> DownloadRun::expected(const RemoteIdentity &identity) const
{
    return m_given ? m_given : ExpectedChecksum::announcedBy(identity);
}

/// Says what the proof rests on when it is other than a user may think.
void DownloadRun::showPraise(const QString &praise)
{
    if (!praise.isEmpty())
        m_progress.edit([&praise](JobDetails &details) { details.message = praise; });
}

Result<Outcome> DownloadRun::moveToTarget()
{
    m_progress.enter(Stage::Moving);
    const QDateTime modified = parseHttpDate(m_assembly->record().identity.lastModified);
    if (modified.isValid())
        if (const auto set = m_landing->part()->setModificationTime(modified); !set)
            qCWarning(lcDownload) << "modification time not kept:" << set.error().context;
    if (const auto flushed = m_assembly->flush(); !flushed)
        return fail(flushed.error());
    JournalRecord record = m_assembly->record();
    record.digest = hexOf(m_digests.sha256);
    const auto path = m_landing->moveToTarget(std::move(record),
                                              naming(QFileInfo(m_landing->target()).fileName()));
    if (!path)
        return fail(path.error());
    showTarget(*path);
    return Outcome::Completed;
}

void DownloadRun::showTarget(const QString &path)
{
    m_progress.edit([&path](JobDetails &details) {
        details.target = path;
        details.title = QFileInfo(path).fileName();
    });
}

void DownloadRun::showDigest()
{
    m_progress.edit(
        [digest = hexOf(m_digests.sha256)](JobDetails &details) { details.sha256 = digest; });
}

} // namespace core
