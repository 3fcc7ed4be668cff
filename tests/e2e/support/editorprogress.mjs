// A client of AI progress in the style of an editor's extension: one for the whole program, which tells its
// parts by the events connected, disconnected, error and ai_progress, and is disposed of with them.
import { EventEmitter } from 'node:events';

let shared = null;

export class EditorProgress extends EventEmitter {
  /** The only one there is; `options` count for the first who asks. */
  static shared(options) {
    shared ??= new EditorProgress(options);
    return shared;
  }

  /** Use shared(). */
  constructor({ io, url, sid, transports }) {
    super();
    this.socket = io(url, { auth: { sid }, transports, reconnectionDelay: 50, reconnectionDelayMax: 200, autoConnect: false });
    this.socket.on('connect', () => this.emit('connected', this.socket.id));
    this.socket.on('disconnect', (reason) => this.emit('disconnected', reason));
    this.socket.on('connect_error', (error) => this.#fail(error));
    this.socket.on('error', (error) => this.#fail(error));
    this.socket.on('ai_progress', (message) => this.emit('ai_progress', message));
  }

  get isConnected() {
    return this.socket.connected;
  }

  connect() {
    this.socket.connect();
  }

  report(message) {
    this.socket.emit('ai_progress', message);
  }

  dispose() {
    this.socket.disconnect();
    this.socket.removeAllListeners();
    this.removeAllListeners();
    if (shared === this) shared = null;
  }

  /** Nobody has to listen: an EventEmitter would throw. */
  #fail(error) {
    if (this.listenerCount('error') > 0) this.emit('error', error);
  }
}
