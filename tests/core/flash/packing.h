#pragma once
#include <QByteArray>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QString>
#include <QTemporaryDir>

namespace tests {

/// Bytes that look like an image: half of every 64 KiB is noise, half can be packed.
inline QByteArray imageBytes(qint64 size, quint32 seed = 1)
{
    QByteArray bytes(size, Qt::Uninitialized);
    QRandomGenerator random(seed);
    for (qint64 i = 0; i < size; ++i)
        bytes[i] = (i >> 15) & 1 ? char(i >> 8) : char(random.generate());
    return bytes;
}

/// What `command` (of a shell) makes of `bytes`; empty when it fails.
inline QByteArray packedBy(const QString &command, const QByteArray &bytes)
{
    QProcess shell;
    shell.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), command});
    shell.write(bytes);
    shell.closeWriteChannel();
    shell.waitForFinished();
    return shell.exitCode() == 0 ? shell.readAllStandardOutput() : QByteArray();
}

/// A file with these bytes in `folder`; its path.
inline QString fileWith(const QTemporaryDir &folder, const QByteArray &bytes)
{
    const QString path = folder.filePath(QStringLiteral("image"));
    QFile file(path);
    const bool isWritten =
        file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.flush();
    return isWritten ? path : QString();
}

} // namespace tests
