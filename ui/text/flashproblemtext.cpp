#include "ui/text/flashproblemtext.h"

#include <QCoreApplication>

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(FlashProblemText)
};

} // namespace

QString flashProblemText(FlashProblem problem, const QString &value)
{
    switch (problem) {
    case FlashProblem::None:
    case FlashProblem::NoImage:
        return {};
    case FlashProblem::Link:
        return Text::tr("“%1” is no link.").arg(value);
    case FlashProblem::ImageMissing:
        return Text::tr("There is no file “%1” that can be read.").arg(value);
    case FlashProblem::ImageEmpty:
        return Text::tr("“%1” is empty.").arg(value);
    case FlashProblem::Sha256:
        return Text::tr("“%1” is not a SHA-256: that is 64 digits 0–9 and a–f.").arg(value);
    case FlashProblem::BmapMissing:
        return Text::tr("There is no bmap file “%1” that can be read.").arg(value);
    case FlashProblem::NoDrive:
        return Text::tr("Tick each drive that shall be erased and written.");
    case FlashProblem::NotConfirmed:
        return Text::tr(
            "Type what stands on the drives that hold something, to prove that they are "
            "the right ones.");
    }
    return {};
}

} // namespace ui
