#pragma once
#include "core/flash/driveflash.h"

namespace core {

/// A drive that was opened to be written.
struct FlashDrive {
    QString id;
    std::unique_ptr<BlockDevice> device;
};

/// Writes one image to N drives at once: it is unpacked once, and every drive goes on at its own pace
/// and fails alone. What is promised per drive: DriveFlash.
/// Threads: run() on the job's thread; it starts one thread for the image and one per drive and joins
/// them.
class FlashWriter
{
public:
    struct Options {
        /// SHA-256 of the image or of its file, 32 raw bytes; empty: none is known.
        QByteArray sha256;
        Verify verify = Verify::Yes;
        ImageFeed::Limits feed;
    };

    FlashWriter(OpenImage open, Options options);

    /// Completed when every drive is. Fails with the code of the first drive that failed, saying how
    /// many did; the cell's details hold each drive's state and error. Stopped: no drive but those
    /// already complete holds anything.
    [[nodiscard]] Result<Outcome>
    run(std::vector<FlashDrive> drives, const std::stop_token &stop, ProgressCell &cell);

private:
    struct Ended {
        Result<Outcome> outcome = Outcome::Stopped;
        QList<BadExtent> bad;
    };
    [[nodiscard]] Ended runDrive(FlashDrive &drive,
                                 size_t number,
                                 ImageFeed &feed,
                                 FlashProgress &progress,
                                 const std::stop_token &stop) const;
    [[nodiscard]] Result<Outcome> conclude(const std::vector<Ended> &ended) const;
    [[nodiscard]] QString remarks(const std::vector<Ended> &ended) const;

    const OpenImage m_open;
    const Options m_options;
};

} // namespace core
