#include "core/confinement.h"

#include "core/base/files.h"
#include "core/confinementjson.h"
#include "core/targetrules.h"

#include <QFileInfo>

#include <cerrno>

namespace core {

using namespace Qt::StringLiterals;

namespace {

class ConfinedWorker final : public JobWorker
{
public:
    ConfinedWorker(std::unique_ptr<JobWorker> worker, QString file, QStringList folders)
        : m_worker(std::move(worker))
        , m_file(std::move(file))
        , m_folders(std::move(folders))
    { }

    Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override
    {
        if (!QFileInfo::exists(m_file))
            return fail(fileError(ENOENT, m_file));
        if (!liesInside(m_file, m_folders))
            return fail(ErrorCode::Forbidden,
                        u"a link leads from %1 out of the folders %2"_s.arg(
                            m_file, m_folders.join(", "_L1)));
        return m_worker->run(std::move(stop), progress);
    }
    void discard() override { m_worker->discard(); }
    void conclude() override { m_worker->conclude(); }

private:
    std::unique_ptr<JobWorker> m_worker;
    QString m_file;
    QStringList m_folders;
};

} // namespace

Result<void> checkReadable(const Principal &who, const QString &path, const TargetRules &rules)
{
    if (who.has(Scope::Admin) || rules.holdsImage(path))
        return {};
    return fail(
        ErrorCode::Forbidden,
        u"%1 is outside the download folder and that of images (flash.imagesFolder)"_s.arg(path));
}

QByteArray confinedSpec(const Principal &who, const QByteArray &spec, const TargetRules &rules)
{
    return who.has(Scope::Admin) ? spec : encodeConfined(spec, rules.imageFolders());
}

std::unique_ptr<JobWorker> confinedWorker(std::unique_ptr<JobWorker> worker, const JobSnapshot &job)
{
    const QStringList folders = decodeConfinement(job.spec);
    if (folders.isEmpty())
        return worker;
    return std::make_unique<ConfinedWorker>(std::move(worker), job.source, folders);
}

} // namespace core
