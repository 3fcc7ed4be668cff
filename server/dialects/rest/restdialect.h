#pragma once
#include "server/dialects/native/nativemethods.h"
#include "server/dialects/rest/eventstream.h"
#include "server/dialects/rest/longpoll.h"
#include "server/dialects/sessionset.h"
#include "server/http/router.h"

#include <QTimer>

namespace server {

/// The methods of NativeMethods as resources, and the feed by SSE and long poll (PROTOCOL.md §2).
///
/// Threads: the hub thread.
class RestDialect final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RestDialect)
public:
    struct Surroundings {
        NativeMethods &methods;
        core::JobService &service;
        const core::FlashService &flashes;
        EventFeed &feed;
        const core::Clock &clock;
        /// What `/metrics` answers.
        std::function<QByteArray(const core::Principal &)> metrics;
    };

    explicit RestDialect(Surroundings surroundings);
    ~RestDialect() override;

    void addRoutes(Router &router);
    /// Event streams and long polls that are open.
    [[nodiscard]] qint64 openStreams() const;
    /// Ends every one of them; the program ends.
    void endStreams();
    /// Looks at the clock for every stream. Called once a second by a timer of its own.
    void tick();

private:
    struct Call {
        QString method;
        QJsonObject params;
        /// The status of success.
        int status = 200;
    };

    void addJobRoutes(Router &router);
    void addWorkflowRoutes(Router &router);
    void addSettingRoutes(Router &router);
    /// Runs a method for whoever asks and answers with its result or a problem.
    void answer(Exchange &exchange, const Call &call);
    /// The same for what changes something: JSON content, whose members are added to the params.
    void answerChange(Exchange &exchange, Call call);
    void sendMetrics(Exchange &exchange);
    void openEvents(Exchange &exchange);

    Surroundings m_surroundings;
    SessionSet<EventReader> m_readers;
    QTimer m_timer;
};

} // namespace server
