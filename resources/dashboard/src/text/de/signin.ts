import type { signin as english } from '../en/signin.js';
import type { Words } from '../table.js';

/** German: signing in. */
export const signin: Words<typeof english> = {
  signInTitle: 'Anmelden',
  signInHint: 'Wer diese Seite aus dem Fenster von Dray öffnet, ist angemeldet. Von anderswo ein Token einfügen; dieser Befehl macht eines:',
  signInCommand: 'drayctl token add NAME',
  signInField: 'Token',
  signInButton: 'Anmelden',
  signInWorking: 'Anmeldung läuft…',
  signInRefused: 'Dray kennt dieses Token nicht, oder es ist abgelaufen oder widerrufen.',
  signInLinkRefused: 'Dieser Link wurde schon benutzt oder ist älter als eine Minute. Die Seite bitte noch einmal aus Dray öffnen.',
  signInNoHub: 'Dray antwortet nicht. Läuft es noch?',
  pairTitle: 'Um Einlass bitten',
  pairHint: 'Oder die Person am Computer fragen, auf dem Dray läuft:',
  pairAsk: 'Um Einlass bitten',
  pairWaiting: 'Das Fenster von Dray fragt nach dieser Seite. Dort zustimmen, wenn es denselben Code zeigt; ohne Fenster hilft drayctl pair.',
  pairCancel: 'Nicht bitten',
  pairName: (browser) => `Seite in ${browser}`,
  pairingFailures: {
    refused: 'Diese Seite wurde nicht eingelassen.',
    late: 'Am Computer hat niemand geantwortet. Noch einmal bitten, wenn jemand da ist.',
    tooOften: 'In den letzten zehn Minuten gab es zu viele Anfragen. Später noch einmal versuchen.',
    failed: 'Dray konnte diese Seite nicht einlassen. Bitte noch einmal versuchen.',
    unreachable: 'Dray antwortet nicht. Läuft es noch?',
  },
  signOut: 'Abmelden',
};
