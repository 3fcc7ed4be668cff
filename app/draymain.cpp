#include "app/desktopapp.h"
#include "app/endsignals.h"
#include "app/freedmemory.h"

#include <QApplication>

int main(int argc, char *argv[])
{
    app::EndSignals::block();
    app::keepFreedMemory();
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("dray"));
    QApplication::setApplicationDisplayName(QStringLiteral("Dray"));
    QApplication::setApplicationVersion(QStringLiteral(DRAY_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("dray"));
    QApplication::setQuitOnLastWindowClosed(false);
    return int(app::runDesktop(QApplication::arguments()));
}
