#include "app/filelimit.h"

#include <sys/resource.h>

#include <algorithm>

namespace app {

using namespace Qt::StringLiterals;

/// What is open besides connections: the database, the files and connections of jobs, drives.
constexpr rlim_t RoomForTheRest = 512;

core::Result<void> makeRoomForConnections(int connections)
{
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0)
        return core::fail(core::ErrorCode::Internal, u"the limit of open files is unknown"_s);
    const rlim_t wanted = rlim_t(connections) + RoomForTheRest;
    if (files.rlim_cur >= wanted)
        return {};
    files.rlim_cur = std::min(wanted, files.rlim_max);
    if (::setrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur < wanted)
        return core::fail(
            core::ErrorCode::LimitExceeded,
            u"%1 connections need %2 open files, and the system allows %3 (ulimit -Hn)"_s
                .arg(connections)
                .arg(wanted)
                .arg(files.rlim_max));
    return {};
}

} // namespace app
