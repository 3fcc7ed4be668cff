#include "core/download/downloadrun.h"

#include "core/base/logging.h"
#include "core/download/checksumlookup.h"
#include "core/download/filedigest.h"
#include "core/download/filename.h"
#include "core/download/nextquestion.h"
#include "core/download/targetname.h"
#include "core/download/transfer.h"

#include <QDir>
#include <QFileInfo>

namespace core {

using namespace Qt::StringLiterals;

QString folderOf(const DownloadPlace &place)
{
    return place.target.isEmpty() ? place.folder : QFileInfo(place.target).path();
}

DownloadRun::DownloadRun(const DownloadSpec &spec,
                         const DownloadPlace &place,
                         ProgressCell &progress,
                         std::stop_token stop)
    : m_spec(spec)
    , m_place(place)
    , m_progress(progress)
    , m_stop(std::move(stop))
    , m_source(spec, place)
    , m_proof(spec)
{ }

Result<Outcome> DownloadRun::execute()
{
    constexpr std::array Steps = std::to_array<Step>(
        {&DownloadRun::openFolder, &DownloadRun::findEarlier, &DownloadRun::findChecksum,
         &DownloadRun::askServer, &DownloadRun::openPart, &DownloadRun::transferBytes,
         &DownloadRun::hashRest, &DownloadRun::repair, &DownloadRun::checkDigest,
         &DownloadRun::moveToTarget});
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
    if (const auto made = makeFolder(folderOf(m_place)); !made)
        return fail(made.error());
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
        !m_spec.name.isEmpty() && namingFor(m_spec, m_spec.name) == Landing::Naming::Chosen;
    if (mustBeFree && QFileInfo::exists(chosen))
        return fail(ErrorCode::FileExists, u"%1 exists"_s.arg(chosen));
    if (m_progress.read().done > 0)
        m_progress.beginAgain();
    return Outcome::Completed;
}

Result<Outcome> DownloadRun::finishRenamed(const QString &path, const QString &digest)
{
    m_progress.enter(Stage::Hashing);
    const RemoteIdentity &identity = record().identity;
    const auto found = fileDigests(path, m_proof.algorithm(identity), m_stop);
    if (!found)
        return fail(found.error());
    if (found->sha256.isEmpty())
        return Outcome::Stopped;
    m_digests = *found;
    auto wrong = m_proof.mismatch(identity, m_digests);
    if (!wrong && isSha256Hex(digest)) // what it was when it got its name
        wrong = ExpectedChecksum{Checksum::ofSha256(digest), {}}.mismatch(m_digests);
    if (wrong)
        return fail(wrong->code, u"%1: %2"_s.arg(path, wrong->context));
    const qint64 bytes = QFileInfo(path).size();
    m_progress.setTotal(bytes);
    m_progress.setDone(bytes);
    showTarget(path);
    showDigest();
    showPraise();
    m_isFinished = true;
    return Outcome::Completed;
}

const JournalRecord &DownloadRun::record() const
{
    return m_assembly ? m_assembly->record() : m_landing->record();
}

Probe::Question DownloadRun::question() const
{
    return m_landing ? nextQuestion(*m_landing->part(), record()) : Probe::Question();
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
    m_proof.give(*found);
    return m_stop.stop_requested() ? Outcome::Stopped : Outcome::Completed;
}

Result<Outcome> DownloadRun::askServer()
{
    if (isComplete())
        return Outcome::Completed;
    const Result<Outcome> asked = ask(question());
    if (!asked || *asked == Outcome::Stopped)
        return asked;
    const bool wasChanged = m_landing && record().standing == JournalRecord::Standing::Changed;
    const bool isProven = m_answer->verdict == Verdict::Write;
    // Whoever runs a job again that failed for this wants the file as it is on the server.
    if (wasChanged && !isProven)
        return ask(Probe::Question{});
    if (isGivenAway())
        return Outcome::Stopped;
    if (m_answer->verdict != Verdict::Changed)
        return Outcome::Completed;
    const Error error =
        remoteChanged(m_source.shownUrl(), record().identity, m_answer->head.identity());
    if (const auto marked = markChanged(); !marked)
        return fail(marked.error());
    return fail(error);
}

bool DownloadRun::isGivenAway() const
{
    const bool isPage = !m_landing && m_answer->head.isWebPage();
    return isPage && m_place.givesPageAway && m_place.givesPageAway();
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
    JournalRecord changed = record();
    changed.standing = JournalRecord::Standing::Changed;
    return writeJournal(m_landing->journalPath(), changed);
}

Result<Landing> DownloadRun::claim(const QString &name) const
{
    const JournalRecord record{m_place.jobKey, m_spec.url, m_answer->head.identity()};
    return Landing::claim(folderOf(m_place), name, namingFor(m_spec, name), record);
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
        m_proof.algorithm(m_answer ? m_answer->head.identity() : record.identity);
    m_assembly = std::make_unique<FileAssembly>(*m_landing->part(), m_landing->journalPath(),
                                                std::move(record), m_progress, algorithm);
    return isComplete() ? Outcome::Completed : joinAnswer();
}

/// The answer goes on from what is here, or it is the beginning.
Result<Outcome> DownloadRun::joinAnswer()
{
    if (m_answer->joins)
        return Outcome::Completed;
    RemoteIdentity identity = m_answer->head.identity();
    if (m_answer->verdict == Verdict::Empty)
        identity.size = 0;
    const bool isFresh =
        record().done.isEmpty() && identity.size >= 0 && identity == record().identity;
    if (isFresh)
        return Outcome::Completed;
    if (const auto begun = m_assembly->startOver(identity); !begun)
        return fail(begun.error());
    return Outcome::Completed;
}

Result<Outcome> DownloadRun::transferBytes()
{
    if (m_place.reader)
        if (const auto fed = m_assembly->feed(m_place.reader); !fed)
            return fail(fed.error());
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
    const auto algorithm = m_proof.algorithm(record().identity);
    if (!m_digests.sha256.isEmpty() && algorithm && m_digests.by(*algorithm).isEmpty()) {
        const auto again = fileDigests(m_landing->part()->path(), algorithm, m_stop);
        if (!again)
            return fail(again.error());
        m_digests = *again;
    }
    return m_digests.sha256.isEmpty() ? Outcome::Stopped : Outcome::Completed;
}

/// Fetches pieces again that hash to something else, from another mirror when there is one.
Result<Outcome> DownloadRun::repair()
{
    constexpr int MostRounds = 3;
    for (int round = 0; m_spec.pieces; ++round) {
        m_progress.enter(Stage::Verifying);
        const auto damaged =
            m_proof.damaged(*m_landing->part(), record().identity, m_digests, m_stop);
        if (!damaged)
            return fail(damaged.error());
        if (m_stop.stop_requested())
            return Outcome::Stopped;
        if (damaged->isEmpty())
            break;
        if (round == MostRounds)
            return keepAside(damageError(*damaged));
        const Result<Outcome> again = fetchAgain(*damaged);
        if (!again || *again == Outcome::Stopped)
            return again;
    }
    return Outcome::Completed;
}

Result<Outcome> DownloadRun::fetchAgain(const ByteRanges &damaged)
{
    m_progress.edit([&damaged](JobDetails &details) {
        details.message = u"damaged pieces are fetched again: %1 bytes"_s.arg(damaged.bytes());
    });
    if (const auto forgotten = m_assembly->forget(damaged); !forgotten)
        return fail(forgotten.error());
    (void)m_source.moveOn(); // the only one is asked again
    for (const Step step : {&DownloadRun::askServer, &DownloadRun::joinAnswer,
                            &DownloadRun::transferBytes, &DownloadRun::hashRest}) {
        const Result<Outcome> result = (this->*step)();
        if (!result || *result == Outcome::Stopped)
            return result;
    }
    return Outcome::Completed;
}

Result<Outcome> DownloadRun::checkDigest()
{
    showDigest();
    if (const auto wrong = m_proof.mismatch(record().identity, m_digests))
        return keepAside(*wrong);
    showPraise();
    return Outcome::Completed;
}

/// A wrong file never gets the name of the right one.
Result<Outcome> DownloadRun::keepAside(const Error &wrong) const
{
    const auto aside = m_landing->keepAside();
    if (!aside)
        return fail(aside.error());
    return fail(wrong.code, u"%1; the file is kept as %2"_s.arg(wrong.context, *aside));
}

/// Says what the proof rests on when it is other than a user may think.
void DownloadRun::showPraise()
{
    if (const QString praise = m_proof.praise(record().identity); !praise.isEmpty())
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
    record.digest = QString::fromLatin1(m_digests.sha256.toHex());
    const auto path = m_landing->moveToTarget(
        std::move(record), namingFor(m_spec, QFileInfo(m_landing->target()).fileName()));
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
    m_progress.edit([digest = QString::fromLatin1(m_digests.sha256.toHex())](JobDetails &details) {
        details.sha256 = digest;
    });
}

} // namespace core
