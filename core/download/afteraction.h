#pragma once
#include <QList>
#include <QString>

namespace core {

/// What is done with a finished download, as a job of its own.
struct AfterAction {
    /// Open: with the desktop's program. Reveal: in the file manager. Move: to another folder.
    enum class Kind { Extract, Run, Open, Reveal, Move } kind = Kind::Extract;
    /// The command of Run, see commandline.h.
    QString command;
    /// The absolute folder of Move.
    QString folder;
    friend bool operator==(const AfterAction &, const AfterAction &) = default;
};

/// Whether it starts a program that works with the file, which only an admin may ask for.
[[nodiscard]] constexpr bool startsProgram(AfterAction::Kind kind)
{
    using Kind = AfterAction::Kind;
    return kind == Kind::Run || kind == Kind::Open || kind == Kind::Reveal;
}

} // namespace core
