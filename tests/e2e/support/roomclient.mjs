// A client of the sockets with rooms in the style of a React hook: it connects again by itself after 1, 2, 4, 8
// and 16 units, five times, and keeps what it is to send while it is offline.
import { setTimeout as pause } from 'node:timers/promises';
import { Schemas } from './schemas.mjs';
import { WebSocket } from './websocket.mjs';

const schemas = new Schemas();
const mostAttempts = 5;

export class RoomClient {
  /** Everything that came, in order, over all connections. */
  messages = [];
  closeCode = null;
  reconnectAttempts = 0;
  #socket = null;
  #queue = [];
  #isWanted = true;

  /** `unitMs` is what a second is to it. */
  constructor(url, { token, clientId, unitMs = 50 } = {}) {
    const query = new URLSearchParams({ ...(token && { token }), ...(clientId && { client_id: clientId }) });
    this.url = `${url}?${query}`;
    this.unitMs = unitMs;
  }

  get isConnected() {
    return this.#socket !== null;
  }

  async connect() {
    const socket = await WebSocket.connect(this.url);
    this.#socket = socket;
    this.reconnectAttempts = 0;
    socket.on('message', (text) => {
      const message = JSON.parse(text);
      schemas.check('workflow.Message', message);
      this.messages.push(message);
    });
    socket.on('close', (code) => void this.#lost(code));
    for (const message of this.#queue.splice(0)) this.send(message);
    return this;
  }

  send(message) {
    if (this.#socket) this.#socket.send(JSON.stringify(message));
    else this.#queue.push(message);
  }

  /** Sends a text that is no message. */
  sendText(text) {
    this.#socket.send(text);
  }

  cut() {
    this.#socket?.cut();
  }

  disconnect() {
    this.#isWanted = false;
    this.cut();
  }

  of(type) {
    return this.messages.filter((message) => message.type === type);
  }

  async #lost(code) {
    this.#socket = null;
    this.closeCode = code;
    const isForGood = code === 1000 || code === 1008 || code === 4029 || code >= 4500;
    while (this.#isWanted && !isForGood && !this.#socket && this.reconnectAttempts < mostAttempts) {
      await pause(this.unitMs * 2 ** this.reconnectAttempts);
      this.reconnectAttempts += 1;
      await this.connect().catch(() => {});
    }
  }
}
