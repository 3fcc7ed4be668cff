#include "app/daemon.h"

#include "app/endsignals.h"
#include "app/hub.h"
#include "app/logging.h"
#include "ui/text/noticetext.h"

#include <QCoreApplication>
#include <QTextStream>

#include <unistd.h>

namespace app {

using namespace Qt::StringLiterals;

namespace {

ExitCode complain(const core::Error &error, ExitCode code)
{
    QTextStream(stderr) << "drayd: " << error.context << '\n';
    return code;
}

void announce(Hub &hub)
{
    QTextStream out(stdout);
    if (!hub.damagedDatabase().isEmpty())
        QTextStream(stderr) << "drayd: " << ui::damagedDatabaseText(hub.damagedDatabase()) << '\n';
    out << "Dray is running. Page: " << hub.pageUrl().toString() << '\n';
    // The login in the address is a secret: for a person's eyes, not for a log.
    if (::isatty(STDOUT_FILENO) == 1)
        out << "Open it signed in, once, within 60 s: " << hub.makeLoginUrl().toString() << '\n';
    out << "An address that opens it signed in: drayctl page\n";
}

} // namespace

ExitCode runDaemon(const QStringList &arguments)
{
    const auto options =
        parseHubOptions(arguments, u"Dray without a window: the hub for servers"_s);
    if (!options)
        return complain(options.error(), ExitCode::Usage);
    setUpLogging(options->logLevel);
    auto folder = DataFolder::take(options->dataDir);
    if (!folder)
        return complain(folder.error(),
                        folder.error().code == core::ErrorCode::Busy ? ExitCode::NoHub
                                                                     : ExitCode::Failed);
    Hub hub(*options, std::move(*folder));
    if (const auto started = hub.start(); !started)
        return complain(started.error(), ExitCode::Failed);
    announce(hub);

    const EndSignals endSignals;
    QObject::connect(&endSignals, &EndSignals::endRequested, &hub, &Hub::stop);
    QObject::connect(&hub, &Hub::stopped, qApp, &QCoreApplication::quit);
    QCoreApplication::exec();
    if (hub.isStuck())
        ::_exit(int(ExitCode::Done));
    return ExitCode::Done;
}

} // namespace app
