#pragma once
#include <QByteArray>
#include <QString>

namespace core {

/// What is kept of an external job besides what everybody may know.
struct ExternalSpec {
    /// The type of AI work that was reported last; empty: none.
    QString type;
    /// The conversation that it belongs to, as its program calls it; empty: none.
    QString conversation;
    /// It was canceled by its own program, which may begin again.
    bool isCanceledByProgram = false;
    friend bool operator==(const ExternalSpec &, const ExternalSpec &) = default;
};

/// As JobSnapshot::spec keeps it.
[[nodiscard]] QByteArray encodeSpec(const ExternalSpec &spec);
/// What cannot be read counts as not said.
[[nodiscard]] ExternalSpec decodeExternalSpec(const QByteArray &stored);

} // namespace core
