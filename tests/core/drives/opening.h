#pragma once
#include "core/drives/driveopener.h"

#include <QTest>

#include <future>
#include <optional>

namespace tests {

/// Opens a drive on a thread of its own, as a job does, while the test's event loop runs on.
class Opening
{
public:
    using Opened = core::Result<core::OpenedDrive>;

    Opening(const core::DriveOpener &opener,
            const core::DriveIdentity &expected,
            core::DriveAccess access = core::DriveAccess::Write)
        : m_result(std::async(std::launch::async, [this, &opener, expected, access] {
            return access == core::DriveAccess::Write
                ? opener.open(expected, m_stop.get_token())
                : opener.openForReading(expected, m_stop.get_token());
        }))
    { }

    void requestStop() { m_stop.request_stop(); }
    [[nodiscard]] bool isDone() const
    {
        return m_result.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    }
    /// Waits for the end.
    [[nodiscard]] Opened result()
    {
        if (!QTest::qWaitFor([this] { return isDone(); }, 60'000))
            qFatal("opening does not end");
        return m_result.get();
    }

private:
    std::stop_source m_stop;
    std::future<Opened> m_result;
};

} // namespace tests
