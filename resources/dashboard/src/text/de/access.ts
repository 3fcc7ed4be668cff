import type { access as english } from '../en/access.js';
import type { Words } from '../table.js';

/** German: tokens and pairing. */
export const access: Words<typeof english> = {
  title: 'Wer herein darf',
  mayNot: 'Diese Anmeldung darf nicht sehen, wer sonst eingelassen ist. Am Computer zeigt es drayctl token list, hier ein Token mit der Befugnis admin.',
  none: 'Niemand außer den Programmen am Computer selbst.',
  caption: 'Token',
  name: 'Name',
  scopes: 'Darf',
  lastUsed: 'Zuletzt benutzt',
  expires: 'Endet',
  never: 'nie',
  revoke: 'Widerrufen',
  revokeTitle: 'Dieses Token widerrufen?',
  revokeHint: (name) => `${name} wird sofort abgemeldet und kommt damit nicht wieder herein.`,
  revokeYes: 'Widerrufen',
  revokeNo: 'Behalten',
  newName: 'Name eines neuen Tokens',
  make: 'Token machen',
  made: (name) => `Das Token für ${name}. Es wird nur dieses eine Mal gezeigt:`,
  waitingHint: (name, code) => `${name} zeigt den Code ${code}.`,
  accept: 'Einlassen',
  refuse: 'Abweisen',
  scopeNames: {
    read: 'sehen', control: 'anhalten und abbrechen', add: 'hinzufügen', report: 'berichten', settings: 'Einstellungen', flash: 'Laufwerke schreiben', admin: 'alles',
  },
};
