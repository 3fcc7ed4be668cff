import type { Drive, Job, JobDrive } from 'dray-client';
import { driveName } from './drives.svelte.js';
import { isUnverified, states } from './text.js';

/** Sentences about drives that a reader of the page sees. */
export const driveText = {
  title: 'USB drives',
  none: 'No drive is plugged in.',
  loading: 'Looking for drives…',
  choose: 'Write',
  drive: 'Drive',
  size: 'Size',
  note: 'Writing',
  imageLabel: 'Image on the computer Dray runs on',
  imagePlaceholder: '/home/me/Downloads/debian.iso',
  sha256Label: 'SHA-256 of the image',
  ask: 'Ask to write',
  erase: 'Erase and write',
  waiting: 'Waiting for your yes in the window of Dray. Nothing is erased before.',
  started: 'Writing has begun.',
  eraseTitle: 'Erase these drives?',
  eraseNo: 'Keep them',
  proof: 'Type the last 4 characters of its serial number',
  progress: 'Progress of each drive',
} as const;

const risks: Record<string, string> = {
  large: 'large',
  mounted: 'mounted',
  inUse: 'in use',
  fileSystem: 'holds files',
  rotational: 'hard disk',
};

export function noteText(drive: Drive): string {
  if (!drive.selectable) return drive.reason;
  const what = drive.risks.map((risk) => risks[risk] ?? risk).join(', ');
  return what ? `Can be written; careful: ${what}` : 'Can be written';
}

/** `31.9 GB`: powers of 1000, as drives are sold. */
function sizeText(size: number): string {
  const billions = size / 1e9;
  return billions < 1000 ? `${billions.toFixed(1)}\u00a0GB` : `${(billions / 1000).toFixed(1)}\u00a0TB`;
}

export function marksText(drive: Drive): string {
  return [drive.path, drive.size > 0 && sizeText(drive.size), drive.serial && `serial ${drive.serial}`].filter(Boolean).join(' · ');
}

/** Everything on it is lost; where it is mounted tells people what that is. */
export function lossText(drive: Drive): string {
  const where = drive.mounted.length > 0 ? `, mounted at ${drive.mounted.join(' and ')}` : '';
  return `Everything on ${driveName(drive)} (${marksText(drive)}${where}) is erased.`;
}

/** What has to be typed to erase it; empty: it holds nothing, a click is enough. */
export function proofOf(drive: Drive): string {
  const isRisky = drive.risks.some((risk) => risk !== 'rotational');
  return isRisky ? (drive.serial || drive.id).slice(-4).toLowerCase() : '';
}

export function driveStateText(job: Job, drive: JobDrive): string {
  if (drive.state !== 'succeeded') return states[drive.state];
  return isUnverified(job) ? 'Unverified' : 'Verified';
}
