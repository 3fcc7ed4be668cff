#pragma once
#include "core/base/result.h"
#include "core/download/mediaspec.h"
#include "core/flashintake.h"

#include <QByteArray>

namespace core {

/// The spec of a job as JobSnapshot::spec keeps it: the JSON of PROTOCOL.md §1, compact.
[[nodiscard]] QByteArray encodeSpec(const DownloadSpec &spec);
[[nodiscard]] QByteArray encodeSpec(const MediaSpec &spec);
/// Fails as downloadSpecFromJson does, and with `InvalidArgument` for bytes that are no JSON object.
[[nodiscard]] Result<DownloadSpec> decodeDownloadSpec(const QByteArray &stored);

/// Fails as mediaSpecFromJson does, and as decodeDownloadSpec().
[[nodiscard]] Result<MediaSpec> decodeMediaSpec(const QByteArray &stored);
/// What a flash is asked for with. Fails as flashSpecFromJson does, and as decodeDownloadSpec().
[[nodiscard]] Result<FlashSpec> decodeFlashSpec(const QByteArray &stored);
/// A flash, with the drives that were agreed to.
[[nodiscard]] QByteArray encodeSpec(const AgreedFlash &flash);
/// Fails as flashSpecFromJson does, and with `InvalidArgument` when the drives do not go with the spec.
[[nodiscard]] Result<AgreedFlash> decodeAgreedFlash(const QByteArray &stored);
/// The spec of a job that follows a download: the action alone.
[[nodiscard]] QByteArray encodeSpec(const AfterAction &action);
[[nodiscard]] Result<AfterAction> decodeAfterAction(const QByteArray &stored);

} // namespace core
