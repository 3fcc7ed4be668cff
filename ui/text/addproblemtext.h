#pragma once
#include <QString>

namespace ui {

/// What keeps the add dialog's input from being accepted.
enum class AddProblem {
    None,
    NoLink,
    NotALink,
    Scheme,
    Pattern,
    FolderRelative,
    FolderMissing,
    FolderReadOnly,
    Name,
    Checksum,
    ChecksumUnsupported,
    TooManyMirrors,
    SpeedLimit,
    StartInThePast,
    StopInThePast,
    StopBeforeStart,
    CookieFile,
    Proxy,
    UserName,
    PasswordAlone,
    LoginForSeveralSites,
    NotAHeader,
    HeaderName,
    HeaderTwice,
    HeaderForMedia,
    HeaderForSeveralSites,
    Subtitles,
};

/// A sentence naming `value` and what would be right; "" for None and NoLink (nothing was typed yet).
[[nodiscard]] QString addProblemText(AddProblem problem, const QString &value);

} // namespace ui
