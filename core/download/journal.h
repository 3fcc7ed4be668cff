#pragma once
#include "core/base/result.h"
#include "core/download/frontier.h"
#include "core/download/remoteidentity.h"

#include <QUrl>

namespace core {

/// What is known on disk about an unfinished download: the file "<target>.part.journal".
///
/// It is text, one "name value" pair a line, values percent-encoded, and ends with the SHA-256 of
/// everything before, so that a torn or zeroed file is never believed:
///
///     dray-part 1
///     job 3f2a…/17            whose part it is
///     url https%3A%2F%2F…
///     size 268435456          absent while unknown
///     etag %22abc%22
///     modified Tue%2C%2015…
///     host cdn3.example.com   who answered, after all redirects
///     checksum sha-256%3D9f…  what its headers said the whole file hashes to
///     weak-date               the file was younger than a minute when it was sent
///     done 0 67108864         once per range [begin, end), only bytes that fdatasync covered
///     frontier 67108864 4c1…  SHA-256 of the last block before the end of a range
///     target %2Fhome%2F…      the final path, from just before the rename on
///     digest 9f86d0…          SHA-256 of the whole file, with `target`
///     changed                 the server had another file when it was last asked
///     void                    the bytes are of more than one file
///     sha256 5e88…
///
/// The hash of the bytes is not kept half-way: on a restart the done prefix is hashed again beside
/// the transfer, which is faster than any network and reads what is really on the disk.
struct JournalRecord {
    /// What may be done with the bytes.
    enum class Standing {
        Good,
        /// The server had another file when it was last asked. They go on when it has theirs again.
        Changed,
        /// They must never be used again.
        Void,
    };
    QString jobKey;
    QUrl url;
    RemoteIdentity identity;
    ByteRanges done;
    /// None for a file that is complete: it is hashed as a whole.
    QList<Frontier> frontiers;
    QString finalTarget;
    QString digest;
    Standing standing = Standing::Good;

    [[nodiscard]] bool isComplete() const
    {
        return identity.size >= 0 && done.prefixEnd() == identity.size;
    }
    friend bool operator==(const JournalRecord &, const JournalRecord &) = default;
};

[[nodiscard]] QString journalPathFor(const QString &target);

[[nodiscard]] QByteArray encodeJournal(const JournalRecord &record);
/// Fails with `ChecksumMismatch` when the text is not exactly what encodeJournal wrote.
[[nodiscard]] Result<JournalRecord> decodeJournal(const QByteArray &text);

/// Reads the journal at `path`. Fails with `NotFound` when there is none, `ChecksumMismatch` when
/// it is damaged, else as fileError says.
[[nodiscard]] Result<JournalRecord> readJournal(const QString &path);
/// Replaces the journal at `path` atomically; only its owner may read it (a URL can be a secret).
[[nodiscard]] Result<void> writeJournal(const QString &path, const JournalRecord &record);

} // namespace core
