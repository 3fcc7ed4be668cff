#pragma once
#include "core/base/result.h"
#include "core/drives/drivepolicy.h"

#include <QString>

namespace ui {

/// What is printed on the drive: "Kingston DataTraveler"; its path when it does not tell.
[[nodiscard]] QString driveName(const core::Drive &drive);
/// "/dev/sdb · 31.9 GB · serial 0123".
[[nodiscard]] QString driveMarks(const core::Drive &drive);
/// "32.0 GB": powers of 1000, as drives are sold. "" for 0.
[[nodiscard]] QString driveSize(qint64 bytes);
/// How it is attached: "USB", "SD card", …
[[nodiscard]] QString busText(core::Bus bus);
/// One or two words: "large", "mounted", …
[[nodiscard]] QString riskText(core::DriveRisk risk);
/// "Can be written", with what there is to think about; a refusal's reason when there is one.
[[nodiscard]] QString verdictText(const core::DriveVerdict &verdict);
/// That `contents` (core::erasedContents) would be lost, as a sentence.
[[nodiscard]] QString erasureText(const QString &contents);

/// What a program called `asker` asks for.
[[nodiscard]] QString flashQuestionText(const QString &asker, const QString &image);
/// Why a flash was not added.
[[nodiscard]] QString flashFailedText(const core::Error &error);
/// After it was ejected.
[[nodiscard]] QString mayBePulledOutText(const QString &name);
/// A ticked drive was pulled out, or its medium was changed.
[[nodiscard]] QString driveLostText(const QString &name);

} // namespace ui
