#pragma once
#include "core/base/result.h"

#include <QStringList>

#include <functional>
#include <stop_token>

namespace core {

/// Another program that works for a job. It and what it starts are a process group of their own,
/// which is ended together, and it dies with the thread that runs it.
/// Threads: made and run on the job's thread, in a local event loop.
class ChildProcess
{
public:
    struct End {
        bool isStopped = false; ///< because stop was requested
        int exitCode = -1; ///< -1: it crashed or was killed
        /// The last that it wrote to its standard error, at most 64 KiB.
        QByteArray errorOutput;
    };
    /// Gets one line of standard output without its end.
    using OnLine = std::function<void(const QByteArray &)>;

    /// `program` is absolute.
    ChildProcess(QString program, QStringList arguments)
        : m_program(std::move(program))
        , m_arguments(std::move(arguments))
    { }

    /// Returns when it has ended. A line longer than `longestLine` bytes ends it and fails with
    /// `LimitExceeded`; fails with `FileAccess` when it cannot be started.
    [[nodiscard]] Result<End>
    run(const std::stop_token &stop, const OnLine &onLine, qsizetype longestLine) const;

private:
    const QString m_program;
    const QStringList m_arguments;
};

} // namespace core
