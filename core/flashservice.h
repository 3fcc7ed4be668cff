#pragma once
#include "core/base/clock.h"
#include "core/flashintake.h"
#include "core/jobadmission.h"

#include <QObject>

namespace core {

class FlashDownloads;
class JobRegistry;
class JobStore;

/// The command door to drives: what they are, and writing images to them. Like JobService it checks
/// who asks and what is asked; a scope that is missing answers `Forbidden` naming the scope.
///
/// Threads: lives on the hub thread; every call is made there and none of them waits.
class FlashService final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FlashService)
public:
    struct Surroundings {
        const Clock &clock;
        JobRegistry &registry;
        JobStore &store;
        const DriveList &drives;
        FlashDownloads &downloads;
        /// Where images may lie that others than the admin name; asked at every command.
        std::function<TargetRules()> targetRules;
    };
    struct Request {
        FlashSpec spec;
        /// As JobService::AddDownload::idem.
        QString idem;
    };
    using Added = JobAdmission::Answer;

    explicit FlashService(Surroundings surroundings, QObject *parent = nullptr);

    /// Scope flash; fails as FlashIntake::jobFor(), for a URL as JobService::addDownload() too. Answers when the job is committed to disk, or why
    /// it is not and will not be.
    void add(const Principal &who, Request request, Added answer);
    /// Scope read. All drives by path, system drives too.
    [[nodiscard]] Result<QList<JudgedDrive>> drives(const Principal &who) const;

private:
    Surroundings m_surroundings;
    FlashIntake m_intake;
    JobAdmission m_admission;
};

} // namespace core
