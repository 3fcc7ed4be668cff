#include "resources/dashboard.h"

#include <QDir>

// Q_INIT_RESOURCE declares a function of the global namespace, so it stands outside of ours.
static void registerDashboard()
{
    Q_INIT_RESOURCE(dashboard);
    Q_INIT_RESOURCE(schema);
}

namespace resources {

void initDashboard()
{
    registerDashboard();
}

} // namespace resources
