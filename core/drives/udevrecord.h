#pragma once
#include <QByteArray>
#include <QHash>
#include <QString>

namespace core {

/// What udev knows of a device: the properties in its database (systemd's
/// /run/udev/data/b8:1, lines "E:KEY=value").
class UdevRecord
{
public:
    UdevRecord() = default;
    explicit UdevRecord(const QByteArray &file);

    /// The value of `key` with udev's escapes (\x20) undone; empty when there is none.
    [[nodiscard]] QString value(const QByteArray &key) const;

private:
    QHash<QByteArray, QByteArray> m_values;
};

/// `text` with each "\x20" (udev) made the byte it stands for.
[[nodiscard]] QByteArray withoutHexEscapes(const QByteArray &text);

} // namespace core
