#pragma once

namespace ui {

/// What closing the window does.
enum class CloseAction { Hide, HideAndTell, Quit };

enum class CloseToTray { No, Yes };

struct CloseSituation {
    CloseToTray setting = CloseToTray::Yes;
    bool hasTray = false;
    /// The user was told before that the program goes on in the tray.
    bool wasTold = false;
};

/// With a tray to come back from, closing hides, the first time with a word about it. Without one,
/// or when the user wants it so, closing quits (which asks first while jobs run).
constexpr CloseAction closeAction(const CloseSituation &situation)
{
    if (!situation.hasTray || situation.setting == CloseToTray::No)
        return CloseAction::Quit;
    return situation.wasTold ? CloseAction::Hide : CloseAction::HideAndTell;
}

} // namespace ui
