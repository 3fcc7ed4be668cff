#include "core/flash/waitnotice.h"

namespace core {

using namespace Qt::StringLiterals;

void WaitNotice::show(GrowingImage::Wait wait)
{
    const bool isLong = wait == GrowingImage::Wait::Long;
    if (m_isShown.exchange(isLong) == isLong)
        return;
    m_cell.edit([isLong](JobDetails &details) {
        details.message = isLong ? u"waiting for the download"_s : QString();
    });
}

} // namespace core
