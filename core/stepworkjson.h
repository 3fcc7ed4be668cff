#pragma once
#include "core/download/extractworker.h"
#include "core/download/verifyworker.h"

#include <QStringList>

namespace core {

/// A command that is a step of a workflow.
struct CommandStep {
    /// The program and what it is given, as they are.
    QStringList arguments;
    /// What it works on, beside which it runs; may be empty.
    QString file;
    friend bool operator==(const CommandStep &, const CommandStep &) = default;
};

/// As JobSnapshot::spec keeps them, and as the members of a step say them; a stored command has `arguments`.
[[nodiscard]] QByteArray encodeSpec(const VerifySpec &spec);
[[nodiscard]] QByteArray encodeSpec(const ExtractSpec &spec);
[[nodiscard]] QByteArray encodeSpec(const CommandStep &step);
/// They fail with `InvalidArgument` naming the member, its value and what would be right. Without `to`, an
/// archive is unpacked beside itself.
[[nodiscard]] Result<VerifySpec> decodeVerifySpec(const QByteArray &stored);
[[nodiscard]] Result<ExtractSpec> decodeExtractSpec(const QByteArray &stored);
[[nodiscard]] Result<CommandStep> decodeCommandStep(const QByteArray &stored);

/// Whether the spec of a job of kind extract or command is that of a step; else it follows a download.
[[nodiscard]] bool isStepSpec(const QByteArray &stored);

/// The worker of a step of kind verify, extract or command. `jobKey` names the job among all that ever were.
[[nodiscard]] Result<std::unique_ptr<JobWorker>> makeStepWorker(const JobSnapshot &job,
                                                                const QString &jobKey);

} // namespace core
