#pragma once
#include <QByteArray>
#include <QStringList>

namespace core {

/// A stored spec, see JobSnapshot::spec, with the folders in which the file that it reads has to lie.
[[nodiscard]] QByteArray encodeConfined(const QByteArray &spec, const QStringList &folders);
/// The folders of such a spec; none: the file may lie anywhere.
[[nodiscard]] QStringList decodeConfinement(const QByteArray &spec);

} // namespace core
