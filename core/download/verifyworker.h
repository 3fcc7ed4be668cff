#pragma once
#include "core/jobs/jobworker.h"

namespace core {

/// Which file is to be what.
struct VerifySpec {
    /// Absolute path.
    QString file;
    /// SHA-256 in lower-case hexadecimal.
    QString sha256;
    friend bool operator==(const VerifySpec &, const VerifySpec &) = default;
};

/// Reads a file and compares its SHA-256 with what it should be. Fails with `ChecksumMismatch` naming both,
/// and with `FileAccess` for what is no plain file. Going on after a stop begins anew.
class VerifyWorker final : public JobWorker
{
public:
    explicit VerifyWorker(VerifySpec spec);

    [[nodiscard]] Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override;

private:
    [[nodiscard]] Result<QByteArray> digest(const std::stop_token &stop,
                                            ProgressCell &progress) const;

    const VerifySpec m_spec;
};

} // namespace core
