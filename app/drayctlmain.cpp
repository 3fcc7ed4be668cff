#include "app/drayctl/drayctl.h"

#include <QCoreApplication>

#include <unistd.h>

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    app::Terminal terminal{.out = QTextStream(stdout),
                           .err = QTextStream(stderr),
                           .isInteractive = ::isatty(STDOUT_FILENO) == 1};
    return int(app::runDrayctl(QCoreApplication::arguments().mid(1), terminal));
}
