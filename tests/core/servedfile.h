#pragma once
#include "core/jobservice.h"

#include <QTest>

namespace tests {

/// The path of the file that the service opens for `who`, or why it opens none.
inline core::Result<QString>
servedFile(core::JobService &service, const core::Principal &who, core::JobId id)
{
    QObject asker;
    std::optional<core::Result<QString>> answered;
    service.openFileOf(who, id, asker, [&answered](const core::Result<core::OpenFile> &opened) {
        answered = opened.map([](const core::OpenFile &file) { return file.path; });
    });
    if (!QTest::qWaitFor([&answered] { return answered.has_value(); }, 10'000))
        qFatal("a file was not opened");
    return *answered;
}

} // namespace tests
