#pragma once
#include "core/download/journal.h"
#include "core/download/partfile.h"
#include "core/download/probe.h"

namespace core {

/// What to ask the server for when `part` holds what `record` says: the first bytes that are missing;
/// all, unless an answer can be proven to go on from what is here. `record` must outlive the question.
[[nodiscard]] Probe::Question nextQuestion(const PartFile &part, const JournalRecord &record);

} // namespace core
