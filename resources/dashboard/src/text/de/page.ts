import type { page as english } from '../en/page.js';
import type { Words } from '../table.js';

/** German: the frame of the page and its connection. */
export const page: Words<typeof english> = {
  product: 'Dray',
  views: { jobs: 'Aufträge', drives: 'Laufwerke', workflows: 'Abläufe', agents: 'Agenten', history: 'Verlauf', settings: 'Einstellungen', server: 'Server' },
  viewsLabel: 'Ansichten',
  skip: 'Zum Inhalt springen',
  comma: ', ',
  units: { second: 's', minute: 'min', hour: 'h', day: 'd' },

  statuses: {
    connecting: 'Verbindet', connected: 'Live', catchingUp: 'Holt auf', polling: 'Fragt ab', offline: 'Offline', unauthorized: 'Nicht angemeldet',
  },
  offlineSince: (clock) => `Offline seit ${clock}`,
  statusHints: {
    connecting: 'Dray wird gesucht.',
    connected: 'Hier steht, was gerade geschieht.',
    catchingUp: 'Was inzwischen geschah, wird geholt.',
    polling: 'WebSockets sind auf dem Weg gesperrt; Zahlen kommen etwas später.',
    offline: 'Keine Verbindung zu Dray.',
    unauthorized: 'Dray weiß nicht, wer hier ist.',
  },
  unreachable: 'Dray ist nicht zu erreichen.',
  offlineNotice: (clock) => `Offline seit ${clock}. Hier steht, wie es da war.`,
  nextTry: (seconds) => (seconds > 0 ? `Nächster Versuch in ${seconds} s.` : 'Versucht es…'),
};
