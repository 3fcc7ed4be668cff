#pragma once
#include "core/driveintake.h"

#include <QByteArray>

namespace core {

/// The stored specs of what is done with drives, see JobSnapshot::spec. Reading fails with
/// `InvalidArgument`.
[[nodiscard]] QByteArray encodeSpec(const OnDrive<ReadSpec> &work);
[[nodiscard]] QByteArray encodeSpec(const OnDrive<CompareSpec> &work);
[[nodiscard]] QByteArray encodeSpec(const OnDrive<FormatSpec> &work);
[[nodiscard]] Result<OnDrive<ReadSpec>> decodeRead(const QByteArray &stored);
[[nodiscard]] Result<OnDrive<CompareSpec>> decodeCompare(const QByteArray &stored);
[[nodiscard]] Result<OnDrive<FormatSpec>> decodeFormat(const QByteArray &stored);

} // namespace core
