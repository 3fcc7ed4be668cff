#pragma once
#include <QStringList>

namespace core {

/// What a command may be told of the download it follows.
struct CommandFacts {
    QString path;
    /// Without credentials.
    QString url;
    QString id;
    QString sha256;
    qint64 bytes = 0;
};

/// Program and arguments of `command`: split at white space that is not in double quotes, as
/// QProcess::splitCommand does, and no shell reads it. Then {path}, {folder}, {name}, {url}, {id},
/// {sha256} and {size} (bytes) are put in, argument by argument: what they hold is never split and
/// never looked at again. Other words in braces stay.
[[nodiscard]] QStringList commandLine(const QString &command, const CommandFacts &facts);

} // namespace core
