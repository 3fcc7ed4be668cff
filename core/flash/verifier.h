#pragma once
#include "core/flash/badextent.h"
#include "core/flash/extent.h"
#include "core/flash/imagesource.h"
#include "core/jobs/jobworker.h"

#include <QList>

namespace core {

/// Reads an image back from the drive it was written to, and mends what is wrong.
///
///   every extent that is not proven yet, but the first: read, digest compared; a wrong one is read once more
///     → right at the second time: noted (reader), that is all
///   wrong ones, when they are few: taken from the image again, written, flushed, read; up to three
///     times. One that shows what belongs elsewhere is tried first: a drive that is smaller than it
///     says cannot be mended.
///   all once more when something was rewritten: on such a drive mending here breaks what is there
///
/// The first extent is the caller's: it is not on the drive yet.
class Verifier
{
public:
    static constexpr int MostRewrites = 3;
    /// More bad extents than this and nothing is mended.
    static constexpr qsizetype MostMended = 64;

    /// Called with the bytes of every extent that was read.
    using OnRead = std::function<void(qint64 bytes)>;

    Verifier(BlockDevice &device, const ExtentMap &map, OpenImage open, OnRead onRead);

    /// Extents from number `end` on need no reading: they were read after the last write.
    /// Fails with `VerificationFailed` naming how many are bad, the first offset and its verdict,
    /// with `CounterfeitDrive`, with `ImageDamaged` when the image is not what it was, or as
    /// BlockDevice does.
    [[nodiscard]] Result<Outcome> run(size_t end, const std::stop_token &stop);

    /// What was found, in the order of the drive; also what was mended.
    [[nodiscard]] const QList<BadExtent> &bad() const { return m_bad; }

private:
    struct Reading {
        ExtentDigest digest;
        bool isRight = false;
        bool isUniform = false; // one byte all over
        bool isReadable = true;
    };

    /// What was last seen at a bad extent.
    struct Sighting {
        ExtentDigest digest;
        /// Something else was read there, instead of what is wanted with some bits wrong.
        bool isForeign = false;
    };

    [[nodiscard]] Result<Outcome> readUpTo(size_t end, const std::stop_token &stop);
    [[nodiscard]] Result<void> checkExtent(size_t index);
    /// What is at the extent; a read error counts as wrong.
    [[nodiscard]] Result<Reading> readExtent(size_t index);
    [[nodiscard]] Result<void> refuseWrapped();
    [[nodiscard]] Result<bool> isSamePlace(qint64 a, qint64 b);
    [[nodiscard]] Result<Outcome> mendAll(const std::stop_token &stop);
    [[nodiscard]] Result<Outcome> rewriteBad(const std::stop_token &stop);
    [[nodiscard]] Result<void> rewrite(qsizetype which, ImageSource &image, qint64 &position);
    [[nodiscard]] Result<void> rereadBad();
    [[nodiscard]] Result<Outcome> readAllAgain(const std::stop_token &stop);
    [[nodiscard]] qsizetype unmended() const;
    [[nodiscard]] Result<Outcome> conclude() const;
    [[nodiscard]] bool isPaddingZero(const Pieces &pieces);

    BlockDevice &m_device;
    const ExtentMap &m_map;
    const OpenImage m_open;
    const OnRead m_onRead;
    AlignedBuffer m_read{ExtentBytes};
    AlignedBuffer m_wanted{ExtentBytes};
    QList<BadExtent> m_bad;
    QList<Sighting> m_sightings; // of m_bad, in the same order
};

} // namespace core
