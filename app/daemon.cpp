#include "app/daemon.h"

#include "app/endsignals.h"
#include "app/hub.h"
#include "app/logging.h"
#include "app/passedsockets.h"
#include "app/servicenotifier.h"
#include "ui/text/noticetext.h"

#include <QCoreApplication>
#include <QTextStream>

#include <unistd.h>

namespace app {

using namespace Qt::StringLiterals;

namespace {

ExitCode complain(const ServiceNotifier &service, const core::Error &error, ExitCode code)
{
    service.tellStatus(error.context);
    QTextStream(stderr) << "drayd: " << error.context << '\n';
    return code;
}

void announce(Hub &hub)
{
    if (!hub.damagedDatabase().isEmpty())
        QTextStream(stderr) << "drayd: " << ui::damagedDatabaseText(hub.damagedDatabase()) << '\n';
    // The login in the address is a secret: for a person's eyes, not for a log.
    const QUrl login = ::isatty(STDOUT_FILENO) == 1 ? hub.makeLoginUrl() : QUrl();
    QTextStream(stdout) << announcement(hub.pageUrl(), hub.certificateFingerprint(), login);
}

core::Result<HubOptions> optionsFor(const QStringList &arguments)
{
    auto options = parseHubOptions(arguments, u"Dray without a window: the hub for servers"_s);
    if (!options)
        return options;
    const auto passed = takePassedSockets();
    if (!passed)
        return core::fail(passed.error());
    options->passedSockets = *passed;
    return options;
}

void serveUntilAskedToEnd(Hub &hub, const ServiceNotifier &service)
{
    const EndSignals endSignals;
    QObject::connect(&endSignals, &EndSignals::endRequested, &hub, &Hub::stop);
    QObject::connect(&endSignals, &EndSignals::endRequested, &hub, [&service] {
        service.tellStopping(u"Saying good-bye to clients and ending work in order"_s);
    });
    QObject::connect(&hub, &Hub::stopped, qApp, &QCoreApplication::quit);
    service.tellReady(u"Serving %1"_s.arg(hub.pageUrl().toString()));
    QCoreApplication::exec();
}

} // namespace

QString announcement(const QUrl &page, const QString &fingerprint, const QUrl &login)
{
    QString text = u"Dray is running. Page: %1\n"_s.arg(page.toString());
    if (!fingerprint.isEmpty())
        text += u"SHA-256 fingerprint of its TLS certificate: %1\n"_s.arg(fingerprint);
    if (!login.isEmpty())
        text += u"Open it signed in, once, within 60 s: %1\n"_s.arg(login.toString());
    return text + u"An address that opens it signed in: drayctl page\n"_s;
}

ExitCode runDaemon(const QStringList &arguments)
{
    const ServiceNotifier service = ServiceNotifier::take();
    const auto options = optionsFor(arguments);
    if (!options)
        return complain(service, options.error(), ExitCode::Usage);
    setUpLogging(options->logLevel);
    auto folder = DataFolder::take(options->dataDir);
    if (!folder)
        return complain(service, folder.error(),
                        folder.error().code == core::ErrorCode::Busy ? ExitCode::NoHub
                                                                     : ExitCode::Failed);
    Hub hub(*options, std::move(*folder));
    if (const auto started = hub.start(); !started)
        return complain(service, started.error(), ExitCode::Failed);
    announce(hub);
    serveUntilAskedToEnd(hub, service);
    if (hub.isStuck())
        ::_exit(int(ExitCode::Done));
    return ExitCode::Done;
}

} // namespace app
