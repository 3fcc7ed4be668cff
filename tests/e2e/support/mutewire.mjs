// Passes bytes between a client and a server on this machine, until it is told to keep the server's to itself.
import { connect, createServer } from 'node:net';

export class MuteWire {
  #sockets = new Set();
  #isMute = false;

  /** Dray answers to its own port alone: `port` may be the same as `toPort` where `toHost` is another address. */
  static async start(run, toPort, { toHost = '127.0.0.1', port = 0 } = {}) {
    const wire = new MuteWire();
    wire.server = createServer((client) => wire.#join(client, connect(toPort, toHost)));
    await new Promise((resolve) => wire.server.listen(port, '127.0.0.1', resolve));
    run.onEnd(() => wire.#close());
    return wire;
  }

  get port() {
    return this.server.address().port;
  }

  /** From here on clients are heard, and nothing comes back. */
  mute() {
    this.#isMute = true;
  }

  /** For connections made after it; those that lost bytes are cut. */
  unmute() {
    this.#isMute = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client, server) {
    client.on('data', (bytes) => server.write(bytes));
    server.on('data', (bytes) => this.#isMute || client.write(bytes));
    for (const [one, other] of [[client, server], [server, client]]) {
      this.#sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        this.#sockets.delete(one);
        if (!this.#isMute) other.destroy();
      });
    }
  }

  async #close() {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
