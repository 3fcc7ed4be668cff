import { DrayError, type ClientStatus, type Job, type JobError, type JobState, type JobStep, type PairingFailure } from 'dray-client';
import type { Fetch } from './addition.js';
import { bytes, percent, speed, time } from './format.js';

/** Every sentence a reader of the page sees. */
export const text = {
  product: 'Dray',
  add: 'Add',
  adding: 'Adding…',
  urlLabel: 'Address of a file to download',
  urlPlaceholder: 'https://… paste or drop a link',
  options: 'Options',
  fetchLabel: 'Fetch',
  qualityLabel: 'Quality',
  bestQuality: 'Best',
  existsLabel: 'If it exists',
  categoryLabel: 'Category',
  byRules: 'By the rules',
  newLink: 'New link',
  newLinkHint: 'A new address of the same file; what is already here is kept.',
  newLinkYes: 'Use it',
  newLinkProblem: 'An address looks like https://example.org/file.iso.',
  limitTitle: 'Speed limit',
  limitHint: 'Per second, such as 500K or 2M; 0 for no limit.',
  limitYes: 'Set',
  limitProblem: 'Write a number such as 500K or 2M.',
  leaveIt: 'Leave it',
  nameLabel: 'Save as',
  namePlaceholder: 'name given by the server',
  moveLabel: 'Move to when finished',
  movePlaceholder: 'a folder in the download folder',
  moveTitle: 'A full path, such as /home/me/Downloads/films',
  unpackLabel: 'Unpack when finished',
  sha256Label: 'Expected SHA-256',
  sha256Placeholder: '64 hexadecimal digits',
  sha256Title: 'A SHA-256 is 64 digits 0–9 and a–f',
  search: 'Find in the list',
  show: 'Show',
  listCaption: 'Jobs, newest first',
  columnName: 'Name',
  columnState: 'State',
  columnSpeed: 'Speed',
  columnLeft: 'Time left',
  columnSize: 'Size',
  columnActions: 'Actions',
  emptyTitle: 'Nothing here yet',
  emptyHint: 'Paste the address of a file above. It appears here, in the window and in the terminal at the same moment.',
  noneTitle: 'No job matches',
  noneHint: 'Show all, or search for something else.',
  loading: 'Fetching the list…',
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  retry: 'Try again',
  flashRefuses: 'Drives are erased once for a yes: this can only be canceled.',
  remove: 'Remove from the list',
  save: 'Save to this computer',
  details: 'Details',
  dismiss: 'Dismiss',
  retryNow: 'Try now',
  cancelTitle: 'Cancel this job?',
  cancelYes: 'Cancel job',
  cancelNo: 'Keep going',
  removeTitle: 'Remove from the list?',
  removeFile: 'Delete the file too',
  removeYes: 'Remove',
  removeNo: 'Keep',
  signInTitle: 'Sign in',
  signInHint: 'Open this page from the Dray window and you are signed in. From elsewhere, paste a token; this command makes one:',
  signInCommand: 'drayctl token add NAME',
  signInField: 'Token',
  signInButton: 'Sign in',
  signInWorking: 'Signing in…',
  signInRefused: 'Dray does not know this token, or it has expired or been revoked.',
  signInLinkRefused: 'This sign-in link was used already or is older than a minute. Open the page from Dray again.',
  signInNoHub: 'Dray does not answer. Is it still running?',
  pairTitle: 'Ask to be let in',
  pairHint: 'Or ask whoever sits at the computer where Dray runs:',
  pairAsk: 'Ask to be let in',
  pairWaiting: 'Dray’s window asks about this page. Let it in there if it shows the same code; without a window, run drayctl pair.',
  pairCancel: 'Do not ask',
  pairName: (browser: string) => `Page in ${browser}`,
  signOut: 'Sign out',
  source: 'From',
  message: 'Message',
  steps: 'Steps',
  target: 'File',
  sha256: 'SHA-256',
  error: 'Error',
  added: 'Added',
  started: 'Started',
  finished: 'Ended',
  attempt: 'Attempt',
  number: 'Job',
  copy: 'Copy',
  copied: 'Copied',
} as const;

const pairingFailures: Record<PairingFailure, string> = {
  refused: 'This page was not let in.',
  late: 'Nobody answered at the computer. Ask again when someone is there.',
  tooOften: 'There were too many requests in the last ten minutes. Try again later.',
  failed: 'Dray could not let this page in. Ask again.',
  unreachable: text.signInNoHub,
};

export function pairingFailureText(failure: PairingFailure): string {
  return pairingFailures[failure];
}

export const fetches: Record<Fetch, string> = {
  file: 'The file itself',
  video: 'Video of the page (yt-dlp)',
  sound: 'Sound of the page (yt-dlp)',
};

/** By the choices of the setting download.ifExists. */
export const exists: Record<string, string> = {
  '': 'As the settings say',
  rename: 'Keep both',
  overwrite: 'Overwrite',
  skip: 'Skip',
  ask: 'Do not add, say so',
};

export const moves = { top: 'To the top', up: 'Up', down: 'Down', bottom: 'To the bottom' } as const;
export type Move = keyof typeof moves;

export function qualityText(lines: string): string {
  return `At most ${lines}p`;
}

export function limitText(job: Job): string {
  return job.speedLimit ? `${text.limitTitle}: ${speed(job.speedLimit)}` : text.limitTitle;
}

export const states: Record<JobState, string> = {
  queued: 'Waiting',
  running: 'Running',
  paused: 'Paused',
  succeeded: 'Finished',
  failed: 'Failed',
  canceled: 'Canceled',
};

const stages: Record<string, string> = {
  resolving: 'Connecting',
  transferring: 'Downloading',
  decoding: 'Unpacking',
  writing: 'Writing',
  flushing: 'Saving to disk',
  verifying: 'Verifying',
  hashing: 'Checking',
  moving: 'Moving into place',
  extracting: 'Extracting',
  awaitingConfirmation: 'Waiting for your yes',
  waitingForRetry: 'Trying again soon',
  stale: 'No news from its program',
};

const errors: Record<string, string> = {
  invalidArgument: 'Something in the request is not right.',
  invalidUrl: 'This is not a valid address.',
  unsupportedScheme: 'Dray cannot fetch this kind of address.',
  invalidState: 'That is not possible in its present state.',
  notFound: 'It is no longer there.',
  unauthorized: 'You are not signed in.',
  forbidden: 'This sign-in may not do that.',
  confirmationRequired: 'Someone at the computer has to agree first.',
  idemReused: 'The same request was made before, for something else.',
  limitExceeded: 'That is more than Dray allows.',
  positionLost: 'Dray no longer knows what this page has seen.',
  rateLimited: 'Too many requests in a short time. Wait a moment.',
  network: 'The connection broke.',
  timeout: 'The server did not answer in time.',
  offline: 'This computer has no network.',
  hostNotFound: 'There is no server of that name.',
  connectionRefused: 'The server refuses connections.',
  tlsFailed: 'No secure connection could be made to the server.',
  authenticationRequired: 'The server wants a user name and password.',
  httpStatus: 'The server answered with an error.',
  linkExpired: 'The link has expired. Give the job a new one; what is here is kept.',
  redirectLoop: 'The server sends us in circles.',
  protocolViolation: 'The server sent something that makes no sense.',
  checksumMismatch: 'The file is not the expected one: its checksum differs.',
  remoteChanged: 'The file changed on the server meanwhile.',
  noSpace: 'The disk is full.',
  fileAccess: 'The file or folder cannot be read or written.',
  fileExists: 'A file of that name exists already.',
  deviceGone: 'The USB drive was unplugged.',
  deviceBusy: 'The USB drive is in use.',
  deviceFailed: 'The USB drive failed.',
  verificationFailed: 'The USB drive does not hold what was written.',
  counterfeitDrive: 'The USB drive holds less than it says.',
  imageDamaged: 'The image is damaged.',
  imageTooLarge: 'The image does not fit on the USB drive.',
  busy: 'It is busy.',
  unsupported: 'Dray cannot do that.',
  prerequisite: 'A job it builds on did not succeed.',
  workFailed: 'Its program says that it failed.',
  storeFailed: "Dray's database could not be written.",
  internal: 'Something went wrong inside Dray.',
};

const filters = { all: 'All', active: 'Active', finished: 'Finished', failed: 'Failed' } as const;
export type Filter = keyof typeof filters;
export const filterNames = Object.keys(filters) as Filter[];

export function filterText(filter: Filter): string {
  return filters[filter];
}

/** What a job is doing: its stage while it runs, else its state. */
export function stateText(job: Job): string {
  if (isUnverified(job) && job.state === 'succeeded') return 'Unverified';
  const isReading = job.kind === 'read' && job.stage === 'transferring';
  const stage = isReading ? 'Reading' : stages[job.stage ?? ''];
  const isBusy = job.state === 'running' || job.stage === 'awaitingConfirmation' || job.stage === 'stale';
  return (isBusy && stage) || states[job.state];
}

/** "Pack: Finished · Send: Running". */
export function stepsText(steps: JobStep[]): string {
  return steps.map(({ title, state }) => `${title}: ${states[state]}`).join(' · ');
}

/** Its worker said that nothing was read back. */
export function isUnverified(job: Job): boolean {
  return job.kind === 'flash' && job.message === 'not verified';
}

export function errorText(error: JobError): string {
  return errors[error.code] ?? errors['internal'] ?? '';
}

/** The sentence for a command that failed. */
export function failureText(error: unknown): string {
  if (!(error instanceof DrayError)) return errors['internal'] ?? '';
  if (error.kind === 'timeout') return 'Dray did not answer in time.';
  if (error.kind === 'offline') return 'Not connected to Dray. Nothing was done.';
  return errors[error.type] ?? error.message;
}

/** What the hub adds to the sentence: the text after the title it begins with, when there is one. */
export function failureDetail(message: string): string {
  const at = message.indexOf(': ');
  return at < 0 ? '' : message.slice(at + 2);
}

export function titleOf(job: Job): string {
  return job.title || job.source || `${text.number} ${job.id}`;
}

export function announcement(job: Job): string {
  return `${titleOf(job)}: ${stateText(job)}`;
}

export function sizeText(job: Job): string {
  if (job.kind === 'flash') return ''; // its total counts what is read back too: no size anybody knows
  const { done = 0, total, state } = job;
  if (state === 'succeeded') return bytes(total ?? done);
  if (total === undefined) return done > 0 ? bytes(done) : '';
  return done > 0 ? `${bytes(done)} of ${bytes(total)}` : bytes(total);
}

export function cancelHint(job: Job): string {
  if (job.kind === 'flash') return `${titleOf(job)}. A USB drive that is being written is left blank.`;
  const isKept = !job.done;
  return isKept ? titleOf(job) : `${titleOf(job)}. The ${bytes(job.done ?? 0)} that are here already are deleted.`;
}

export function action(verb: string, job: Job): string {
  return `${verb}: ${titleOf(job)}`;
}

const statuses: Record<ClientStatus, string> = {
  connecting: 'Connecting',
  connected: 'Live',
  catchingUp: 'Catching up',
  polling: 'Polling',
  offline: 'Offline',
  unauthorized: 'Not signed in',
};

export function statusText(status: ClientStatus): string {
  return statuses[status];
}

const statusHints: Record<ClientStatus, string> = {
  connecting: 'Looking for Dray.',
  connected: 'What you see is what is happening now.',
  catchingUp: 'Fetching what happened meanwhile.',
  polling: 'WebSockets are blocked on the way; numbers come a little later.',
  offline: 'No connection to Dray.',
  unauthorized: 'Dray does not know who you are.',
};

export function statusHint(status: ClientStatus): string {
  return statusHints[status];
}

export function offlineText(sinceMs: number | undefined): string {
  const since = sinceMs === undefined ? 'Dray cannot be reached.' : `Offline since ${time(sinceMs)}. The list shows how it was then.`;
  return since;
}

export function nextTryText(seconds: number): string {
  return seconds > 0 ? `Next try in ${seconds} s.` : 'Trying…';
}

export function totalsText(active: number): string {
  return active === 1 ? '1 active' : `${active} active`;
}

export function moreText(count: number): string {
  return `Show ${count} more`;
}

/** Tab title: how far all running work with a known size is. */
export function documentTitle(status: ClientStatus, running: readonly Job[]): string {
  if (status === 'offline') return `${statuses.offline} – ${text.product}`;
  if (running.length === 0) return text.product;
  const sized = running.filter((job) => job.total !== undefined);
  const sum = (pick: (job: Job) => number) => sized.reduce((total, job) => total + pick(job), 0);
  const part = percent(sum((job) => job.done ?? 0), sum((job) => job.total ?? 0));
  const first = running[0];
  const what = running.length === 1 && first ? titleOf(first) : totalsText(running.length);
  return `${part === undefined ? '' : `${part} % · `}${what} – ${text.product}`;
}
