#include "app/passedsockets.h"

#include <QByteArray>

#include <fcntl.h>
#include <unistd.h>

namespace app {

using namespace Qt::StringLiterals;

namespace {

constexpr int FirstDescriptor = 3; // SD_LISTEN_FDS_START
/// More would be a mistake, and a loop over all descriptors there are.
constexpr int MostSockets = 64;

QByteArray takeVariable(const char *name)
{
    const QByteArray value = qgetenv(name);
    qunsetenv(name);
    return value;
}

} // namespace

core::Result<QList<int>> takePassedSockets()
{
    const QByteArray process = takeVariable("LISTEN_PID");
    const QByteArray count = takeVariable("LISTEN_FDS");
    qunsetenv("LISTEN_FDNAMES");
    if (process.isEmpty() || process != QByteArray::number(::getpid()))
        return QList<int>();
    bool isNumber = false;
    const int passed = count.toInt(&isNumber);
    if (!isNumber || passed < 0 || passed > MostSockets)
        return core::fail(core::ErrorCode::InvalidArgument,
                          u"LISTEN_FDS is \"%1\", which is not a number from 0 to %2"_s
                              .arg(QString::fromLatin1(count))
                              .arg(MostSockets));
    QList<int> descriptors;
    for (int descriptor = FirstDescriptor; descriptor < FirstDescriptor + passed; ++descriptor) {
        if (::fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0)
            return core::fail(
                core::ErrorCode::InvalidArgument,
                u"LISTEN_FDS promises descriptor %1, which is not open"_s.arg(descriptor));
        descriptors.append(descriptor);
    }
    return descriptors;
}

} // namespace app
