#pragma once
#include "core/driveservice.h"
#include "core/jobservice.h"
#include "core/store/history.h"
#include "core/store/settings.h"
#include "core/store/tokens.h"
#include "server/dialects/native/flashmethods.h"
#include "server/dialects/native/pairmethods.h"

#include <QHash>
#include <QUrl>

namespace server {

/// What programs can ask of the hub, by name (PROTOCOL.md §1), whatever the way they ask: native
/// socket, POST /api/v1/rpc, REST.
///
/// Threads: the hub thread.
class NativeMethods
{
public:
    struct Surroundings {
        core::JobService &service;
        core::FlashService &flashes;
        core::DriveService &driveWork;
        core::History &history;
        core::Tokens &tokens;
        core::Settings &settings;
        core::Pairings &pairings;
        const core::Clock &clock;
        /// What `metrics.get` answers.
        std::function<QJsonObject(const core::Principal &)> metrics;
        /// The page's address with a one-time login in it; what `session.link` answers.
        std::function<QUrl()> makeLoginUrl;
    };
    /// The encoded result object. Called once, at once or later.
    using Answer = std::function<void(const core::Result<QByteArray> &)>;

    explicit NativeMethods(Surroundings surroundings);
    NativeMethods(const NativeMethods &) = delete;
    NativeMethods &operator=(const NativeMethods &) = delete;

    /// How a method that is no member runs.
    using Other = std::function<void(const core::Principal &, const Params &, const Answer &)>;
    void add(const QString &name, core::Scope scope, Other run)
    {
        m_methods.insert(name, {scope, nullptr, std::move(run)});
    }

    /// The scope a method needs; nullopt when there is no such method.
    [[nodiscard]] std::optional<core::Scope> scopeOf(const QString &method) const;
    [[nodiscard]] QStringList names() const;

    /// Fails with `Forbidden` naming the scope that is missing, `NotFound` when there is no such
    /// method, or as the method says.
    void call(const core::Principal &who,
              const QString &method,
              const QJsonObject &params,
              const Answer &answer);

    /// `{"jobs":[…],"next"?}` with the members of job.list, read from `params`.
    [[nodiscard]] core::Result<QByteArray> listJobs(const core::Principal &who,
                                                    const Params &params);

private:
    using Run = void (NativeMethods::*)(const core::Principal &, const Params &, const Answer &);
    struct Method {
        core::Scope scope;
        Run run;
        Other other = {}; // unless there is a `run`
    };
    using Command = core::Result<core::JobSnapshot> (core::JobService::*)(const core::Principal &,
                                                                          core::JobId);

    void addJob(const core::Principal &who, const Params &params, const Answer &answer);
    void reportJob(const core::Principal &who, const Params &params, const Answer &answer);
    template<FlashMethod method>
    void flash(const core::Principal &who, const Params &params, const Answer &answer);
    template<PairMethod method>
    void pair(const core::Principal &who, const Params &params, const Answer &answer);
    void ejectDrive(const core::Principal &who, const Params &params, const Answer &answer);
    void list(const core::Principal &who, const Params &params, const Answer &answer);
    void getJob(const core::Principal &who, const Params &params, const Answer &answer);
    template<Command command>
    void command(const core::Principal &who, const Params &params, const Answer &answer);
    void moveJob(const core::Principal &who, const Params &params, const Answer &answer);
    void setLimit(const core::Principal &who, const Params &params, const Answer &answer);
    void refreshUrl(const core::Principal &who, const Params &params, const Answer &answer);
    void removeJob(const core::Principal &who, const Params &params, const Answer &answer);
    void listHistory(const core::Principal &who, const Params &params, const Answer &answer);
    void addToken(const core::Principal &who, const Params &params, const Answer &answer);
    void listTokens(const core::Principal &who, const Params &params, const Answer &answer);
    void revokeToken(const core::Principal &who, const Params &params, const Answer &answer);
    void getSettings(const core::Principal &who, const Params &params, const Answer &answer);
    void setSetting(const core::Principal &who, const Params &params, const Answer &answer);
    void getMetrics(const core::Principal &who, const Params &params, const Answer &answer);
    void makeLink(const core::Principal &who, const Params &params, const Answer &answer);

    Surroundings m_surroundings;
    QHash<QString, Method> m_methods;
    QObject m_context; // ends answers from the store that come too late
};

/// `{"job":{…}}`, without segments.
[[nodiscard]] QByteArray jobResult(const core::JobSnapshot &job);

} // namespace server
