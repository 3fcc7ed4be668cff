#include "resources/extension.h"

#include <QDir>

// Q_INIT_RESOURCE declares a function of the global namespace, so it stands outside of ours.
static void registerExtension()
{
    Q_INIT_RESOURCE(extension);
}

namespace resources {

void initExtension()
{
    registerExtension();
}

} // namespace resources
