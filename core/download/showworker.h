#pragma once
#include "core/base/clock.h"
#include "core/jobs/jobworker.h"

namespace core {

/// Shows a finished file to who sits at the machine: opens it with the desktop's program, or reveals
/// it in the file manager, else opens its folder. Fails with `NotFound` when it is gone, and as
/// openOnDesktop() does. Stopping ends the waiting; what shows it stays.
class ShowWorker final : public JobWorker
{
public:
    enum class How { Open, Reveal };

    /// `path` is absolute; `patience` as openOnDesktop() says.
    ShowWorker(QString path, How how, Milliseconds patience = Milliseconds(5000))
        : m_path(std::move(path))
        , m_how(how)
        , m_patience(patience)
    { }

    [[nodiscard]] Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override;

private:
    [[nodiscard]] Result<Outcome> reveal(const std::stop_token &stop) const;

    const QString m_path;
    const How m_how;
    const Milliseconds m_patience;
};

} // namespace core
