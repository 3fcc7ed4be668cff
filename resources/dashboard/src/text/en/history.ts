/** English: history. */
export const history = {
  none: 'Nothing has ended yet.',
  noneHint: 'What ends is kept here, also after it left the list of jobs.',
  loading: 'Fetching the history…',
  caption: 'What ended, newest first',
  columnWhat: 'What',
  columnVerdict: 'How it ended',
  columnBytes: 'Size',
  columnSpeed: 'Writing, checking',
  columnWhen: 'When',
  verdicts: { succeeded: 'Finished', failed: 'Failed', canceled: 'Canceled', verified: 'Verified', unverified: 'Unverified' },
  onDrive: (drive: string) => `on ${drive}`,
  rewrites: (count: number) => (count === 1 ? '1 place was written again' : `${count} places were written again`),
  more: 'Show older',
  totals: (count: number, bytes: string) => `${count} shown, ${bytes} together`,
} as const;
