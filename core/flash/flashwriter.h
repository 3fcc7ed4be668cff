#pragma once
#include "core/flash/driveflash.h"

namespace core {

/// Opens the drive of that id to be written, exclusively, and proves that it is the one that was
/// agreed to. May block for as long as a person takes to type a password, or until `stop`.
using OpenDrive = std::function<Result<std::unique_ptr<BlockDevice>>(const QString &id,
                                                                     const std::stop_token &stop)>;

/// Writes one image to N drives at once: it is unpacked once, and every drive goes on at its own pace
/// and fails alone. What is promised per drive: DriveFlash.
/// Threads: run() on the job's thread; it starts one thread for the image and one per drive and joins
/// them.
class FlashWriter
{
public:
    struct Options {
        ExpectedSha256 sha256;
        Verify verify = Verify::Yes;
        ImageFeed::Limits feed;
        TouchDrive touch; ///< may be empty
        AfterDrive after;
        /// How fast each drive is written; null: there is no limit.
        std::shared_ptr<WriteLimit> limit = nullptr;
        /// What a person should know besides, for the job's message.
        QStringList remarks;
        /// Called when no drive wants more of the image, which may still be waited for; may be empty.
        std::function<void()> endReading;
    };

    FlashWriter(OpenImage open, Options options);

    /// Opens the image, then every drive, then begins. Completed when every drive is.
    /// Fails with the code of the first drive that failed, saying how many did; the cell's details
    /// hold each drive's state and error. Stopped: no drive but those already complete holds anything.
    [[nodiscard]] Result<Outcome> run(const QStringList &drives,
                                      const OpenDrive &openDrive,
                                      const std::stop_token &stop,
                                      ProgressCell &cell);

private:
    struct Drive {
        Result<std::unique_ptr<BlockDevice>> device = nullptr;
        Result<Outcome> outcome = Outcome::Stopped;
        QList<BadExtent> bad;
        DriveFigures figures;
        Result<void> release; // that its partitions are known
    };
    struct Run {
        const QStringList &ids;
        ImageFeed &feed;
        FlashProgress &progress;
        const std::stop_token &stop;
    };
    void flashOne(Drive &drive, size_t number, const Run &run) const;
    void release(Drive &drive, const QString &id, const std::stop_token &stop) const;
    void record(const Drive &drive, const QString &id, const ImageFeed &feed) const;
    void flashAll(std::vector<Drive> &drives, const Run &run) const;
    [[nodiscard]] Result<Outcome> conclude(const std::vector<Drive> &drives) const;
    [[nodiscard]] QString remarks(const std::vector<Drive> &drives, const Run &run) const;

    const OpenImage m_open;
    const Options m_options;
};

} // namespace core
