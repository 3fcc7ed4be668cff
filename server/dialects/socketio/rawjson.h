#pragma once
#include <QByteArrayList>

namespace server {

/// The elements of a JSON array as they are written, without the space around them. `array` has been
/// parsed before.
[[nodiscard]] QByteArrayList elementsOf(const QByteArray &array);

/// `object`, which has been parsed before, with one more member at its end.
[[nodiscard]] QByteArray
withMember(const QByteArray &object, const QByteArray &name, const QByteArray &value);

/// Whether there are control characters in it other than line ends and tabs. Qt's parser takes them in
/// strings, where RFC 8259 §7 does not; the separator of polling payloads is one.
[[nodiscard]] bool hasControlCharacters(const QByteArray &json);

} // namespace server
