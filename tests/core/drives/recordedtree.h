#pragma once
#include "core/drives/systemroots.h"

#include <QTemporaryDir>

namespace tests {

/// A machine's sysfs, /proc and udev database, laid out from a file of tests/data/drives (format:
/// README there).
class RecordedTree
{
public:
    /// `name` without folder and suffix. Ends the test when the file is missing or wrong.
    explicit RecordedTree(const QString &name);

    [[nodiscard]] core::SystemRoots roots() const;
    /// Makes or replaces one file of the tree.
    void write(const QString &path, const QByteArray &bytes);
    /// Takes a file or link away.
    void remove(const QString &path);

private:
    void addLine(const QByteArray &line);
    void addFile(const QByteArray &name, const QByteArray &bytes);

    QTemporaryDir m_folder;
    QString m_current; ///< folder of the lines that follow
    QString m_file; ///< that "|" lines go to
};

} // namespace tests
