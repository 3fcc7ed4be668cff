import type { Drive, Job, JobDrive } from 'dray-client';
import type { Erasure } from '../drives/drives.svelte.js';
import { inOrder } from './apart.js';
import { driveSize } from './format.js';
import { isUnverified, wordFor } from './jobtext.js';
import { text } from './words.js';

export function driveName(drive: Drive): string {
  return `${drive.vendor} ${drive.model}`.trim() || drive.path;
}

export function noteText(drive: Drive): string {
  if (!drive.selectable) return inOrder(drive.reason);
  const what = drive.risks.map((risk) => wordFor(text.drives.risks, risk) ?? risk).join(text.comma);
  return what ? text.drives.careful(what) : text.drives.writable;
}

export function marksText(drive: Drive): string {
  return [inOrder(drive.path), drive.size > 0 && driveSize(drive.size), drive.serial && text.drives.serial(drive.serial)].filter(Boolean).join(' · ');
}

/** Everything on it is lost; where it is mounted tells people what that is. */
function lossText(drive: Drive): string {
  const where = drive.mounted.length > 0 ? `${text.comma}${text.drives.mountedAt(drive.mounted.join(text.drives.and))}` : '';
  return text.drives.loss(driveName(drive), marksText(drive) + where);
}

/** What a yes erases of one drive. */
export interface Loss {
  id: string;
  name: string;
  words: string;
  /** What has to be typed to erase it; empty: it holds nothing, a click is enough. */
  proof: string;
  /** The reader chose this very drive before. */
  isChosen: boolean;
}

export function lossOf(drive: Drive): Loss {
  return { id: drive.id, name: driveName(drive), words: lossText(drive), proof: proofOf(drive.risks, drive.serial || drive.id), isChosen: true };
}

/** Of a drive that somebody else wants to erase. */
export function lossAsked({ drive, serial, words, contents, risks }: Erasure): Loss {
  return { id: drive, name: words, words: text.drives.lossAsked(words, contents), proof: proofOf(risks, serial || drive), isChosen: false };
}

function proofOf(risks: readonly string[], serial: string): string {
  return risks.some((risk) => risk !== 'rotational') ? serial.slice(-4).toLowerCase() : '';
}

export function driveStateText(job: Job, drive: JobDrive): string {
  if (drive.state !== 'succeeded') return text.states[drive.state];
  return isUnverified(job) ? text.unverified : text.verified;
}
