#pragma once
#include "core/base/growingfile.h"

namespace core {

/// The file of an image that is downloaded while it is read.
struct GrowingImage {
    enum class Wait { Long, Over };

    std::shared_ptr<GrowingFile> file;
    /// Ends every wait for the download.
    std::stop_token stop;
    /// Long: reading has waited for bytes for a while; Over: some were there already. May be empty.
    /// Threads: called on those that read.
    std::function<void(Wait)> onWait;

    [[nodiscard]] GrowingFile::Patience patience() const
    {
        if (!onWait)
            return {stop, {}};
        return {stop, [tell = onWait] { tell(Wait::Long); }};
    }
};

} // namespace core
