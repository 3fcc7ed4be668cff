#pragma once
#include "core/flashservice.h"
#include "server/dialects/native/params.h"

namespace server {

/// The methods about drives (PROTOCOL.md §1), on FlashService. Each answers once, at once or later,
/// with the encoded result object.
using FlashAnswer = std::function<void(const core::Result<QByteArray> &)>;
using FlashMethod = void (*)(core::FlashService &flashes,
                             const core::Principal &who,
                             const Params &params,
                             const FlashAnswer &answer);

/// `device.list` → `{drives[]}`.
void listDrives(core::FlashService &flashes,
                const core::Principal &who,
                const Params &params,
                const FlashAnswer &answer);
/// `flash.prepare`: the members of a flash spec → `{ticket, job, erases[], expiresAt}`.
void prepareFlash(core::FlashService &flashes,
                  const core::Principal &who,
                  const Params &params,
                  const FlashAnswer &answer);
/// `flash.confirm {ticket, erase[]}`, or with `job` in place of the ticket, for who agrees to what
/// another program asked → `{job}`.
void confirmFlash(core::FlashService &flashes,
                  const core::Principal &who,
                  const Params &params,
                  const FlashAnswer &answer);
/// `flash.list` → `{questions[{job, image, owner, asker, erases[], cautions[], expiresAt}]}`, without tickets.
void listQuestions(core::FlashService &flashes,
                   const core::Principal &who,
                   const Params &params,
                   const FlashAnswer &answer);

} // namespace server
