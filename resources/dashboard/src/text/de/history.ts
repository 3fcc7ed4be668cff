import type { history as english } from '../en/history.js';
import type { Words } from '../table.js';

/** German: history. */
export const history: Words<typeof english> = {
  none: 'Noch nichts ist zu Ende.',
  noneHint: 'Was endet, steht hier, auch wenn es nicht mehr in der Liste der Aufträge ist.',
  loading: 'Der Verlauf wird geholt…',
  caption: 'Was zu Ende ist, neueste zuerst',
  columnWhat: 'Was',
  columnVerdict: 'Wie es ausging',
  columnBytes: 'Größe',
  columnSpeed: 'Schreiben, Prüfen',
  columnWhen: 'Wann',
  verdicts: { succeeded: 'Fertig', failed: 'Fehlgeschlagen', canceled: 'Abgebrochen', verified: 'Geprüft', unverified: 'Ungeprüft' },
  onDrive: (drive) => `auf ${drive}`,
  rewrites: (count) => (count === 1 ? '1 Stelle wurde noch einmal geschrieben' : `${count} Stellen wurden noch einmal geschrieben`),
  more: 'Ältere zeigen',
  totals: (count, bytes) => `${count} gezeigt, zusammen ${bytes}`,
};
