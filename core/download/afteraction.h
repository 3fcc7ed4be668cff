#pragma once
#include <QList>
#include <QString>

namespace core {

/// What is done with a finished download, as a job of its own.
struct AfterAction {
    enum class Kind { Extract, Run } kind = Kind::Extract;
    /// The command of Run, see commandline.h.
    QString command;
    friend bool operator==(const AfterAction &, const AfterAction &) = default;
};

} // namespace core
