#pragma once
#include "server/dialects/native/nativemethods.h"
#include "server/feed/journal.h"

namespace server {

/// Adds what programs can ask about a job's past:
///
///   job.events {job, limit? 1–200} → {events[]}
///
/// What the journal still has of the job, oldest first: the newest `limit` (all 200 unless told), and
/// no more than MaxEventBytes. Each as its subscribers got it; `prev` is the `seq` of the one before
/// it here, 0 of the first. A program that comes later reads there what it has not seen happen.
/// `service` and `journal` outlive `methods`.
void addJobEvents(NativeMethods &methods, core::JobService &service, const Journal &journal);

/// The most that one answer has of them.
inline constexpr qsizetype MaxEventBytes = qsizetype(256) << 10;

} // namespace server
