import type { server as english } from '../en/server.js';
import type { Words } from '../table.js';

/** German: the server's figures. */
export const server: Words<typeof english> = {
  loading: 'Der Server wird gefragt…',
  speed: 'Downloads',
  connections: 'Verbindungen',
  messages: 'Nachrichten je Sekunde',
  bytes: 'Gesendet je Sekunde',
  figures: 'Alle Zahlen',
};
