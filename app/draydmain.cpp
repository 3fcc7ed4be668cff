#include "app/daemon.h"
#include "app/endsignals.h"
#include "app/freedmemory.h"

#include <QCoreApplication>

int main(int argc, char *argv[])
{
    // The glib dispatcher halves throughput with many idle sockets; read when the application is made.
    qputenv("QT_NO_GLIB", "1");
    app::EndSignals::block();
    app::keepFreedMemory();
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("drayd"));
    QCoreApplication::setApplicationVersion(QStringLiteral(DRAY_VERSION));
    return int(app::runDaemon(QCoreApplication::arguments()));
}
