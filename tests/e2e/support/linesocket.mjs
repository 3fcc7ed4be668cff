// One JSON object per line, both ways, over a socket of this computer.
import { connect } from 'node:net';

export class LineSocket {
  #socket;
  #handler = () => {};
  #rest = '';

  /** Fails when nobody listens at `path`. */
  static async to(path) {
    const socket = connect(path);
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new LineSocket(socket);
  }

  constructor(socket) {
    this.#socket = socket;
    socket.on('error', () => socket.destroy());
    socket.setEncoding('utf8').on('data', (text) => this.#take(text));
  }

  onMessage(handler) {
    this.#handler = handler;
  }

  /** `handler` is called when no more will come. */
  onClose(handler) {
    this.#socket.on('close', handler);
  }

  send(message) {
    this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  close() {
    this.#socket.destroy();
  }

  #take(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop();
    for (const line of lines) this.#handler(JSON.parse(line));
  }
}
