#pragma once
#include "core/download/journal.h"
#include "core/download/partfile.h"

#include <optional>

namespace core {

/// Where one download lands: the target's path, its part file and its journal.
///
/// What a run may find of its job on disk, and what it means:
///
///     journal + part            adopted; the journal says which bytes are good
///     void journal + part       removed; bytes of two files had met
///     journal with `target`,    the rename happened and nothing after it: finished,
///       no part, target there     after the digest was proven again
///     part of 0 bytes alone     died before the first journal; anyone may take it over
///     anything else             not ours: left alone, and another name is taken
class Landing
{
public:
    /// Chosen: the user gave the name, and only that will do. Derived: "name (1)" is as good.
    /// Replacing: only that name, and a file that has it is replaced by the finished one.
    enum class Naming { Chosen, Derived, Replacing };

    /// Opens what earlier runs of `jobKey` left in `folder`; nullopt when there is nothing to go on
    /// from. Fails with `Busy` while another run has the part open.
    [[nodiscard]] static Result<std::optional<Landing>> find(const QString &folder,
                                                             const QString &jobKey);
    /// Takes `name` in `folder`: makes the part file and the first journal, `record`. Never a path
    /// that is another job's, nor, but for Replacing, one that exists. Fails with `FileExists` when
    /// only that name will do and it is taken; Replacing does so for what is no plain file.
    [[nodiscard]] static Result<Landing>
    claim(const QString &folder, const QString &name, Naming naming, const JournalRecord &record);
    /// Removes the journal that moveToTarget() left; a part stays. `target` is the finished file.
    static void conclude(const QString &folder, const QString &jobKey, const QString &target);
    /// Removes part and journal of `jobKey` from `folder`, and nothing else.
    static void discard(const QString &folder, const QString &jobKey);

    [[nodiscard]] const QString &target() const { return m_target; }
    [[nodiscard]] QString journalPath() const { return journalPathFor(m_target); }
    [[nodiscard]] const JournalRecord &record() const { return m_record; }
    /// Not there when the rename had already happened.
    [[nodiscard]] const std::optional<PartFile> &part() const { return m_part; }

    /// Gives the finished part its name: with Replacing in one step with the old file's end, else
    /// "name (1)" when the target appeared meanwhile. Answers the final path. `record` is complete
    /// and carries the digest; as journal it stays until conclude(), so that a job whose end was
    /// not recorded finds its file.
    [[nodiscard]] Result<QString> moveToTarget(JournalRecord record, Naming naming) const;
    /// Renames the part to "<target>.bad", numbered when taken, and removes the journal.
    [[nodiscard]] Result<QString> keepAside() const;
    void removeJournal() const;

private:
    Landing(QString target, JournalRecord record, std::optional<PartFile> part)
        : m_target(std::move(target))
        , m_record(std::move(record))
        , m_part(std::move(part))
    { }
    [[nodiscard]] static Result<std::optional<Landing>> adopt(const QString &target,
                                                              const JournalRecord &record);
    [[nodiscard]] static Result<std::optional<Landing>>
    withProvenBytes(const QString &target, JournalRecord record, PartFile part);
    [[nodiscard]] static Result<Landing>
    claimTarget(const QString &target, Naming naming, const JournalRecord &record);
    [[nodiscard]] Result<QString> replaceTarget(JournalRecord record) const;
    [[nodiscard]] static Result<PartFile> takePart(const QString &target);

    QString m_target;
    JournalRecord m_record;
    std::optional<PartFile> m_part;
};

} // namespace core
