// A well-behaved client that goes on asking while others misbehave.
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const everyMs = 50;

export class Witness {
  slowestMs = 0;
  answers = 0;
  #isEnding = false;
  #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  /** Asks `daemon` for its jobs over and over, on one connection. */
  static async start(daemon) {
    const witness = new Witness();
    const headers = { Authorization: `Bearer ${daemon.endpoint().token}` };
    const ask = () => witness.#ask({ host: '127.0.0.1', port: daemon.port, path: '/api/v1/jobs', headers, agent: witness.#agent });
    await ask();
    witness.#loop = witness.#askOn(ask).catch((error) => (witness.#error = error));
    return witness;
  }

  /** Ends it; throws when it was not answered even once. */
  async end() {
    this.#isEnding = true;
    await this.#loop;
    this.#agent.destroy();
    if (this.#error) throw this.#error;
  }

  #loop;
  #error;

  async #askOn(ask) {
    while (!this.#isEnding) {
      const begin = performance.now();
      await ask();
      this.slowestMs = Math.max(this.slowestMs, performance.now() - begin);
      this.answers++;
      await pause(everyMs);
    }
  }

  #ask(options) {
    return new Promise((resolve, reject) => {
      const asked = http.get(options, (response) => {
        response.resume();
        response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`the witness got ${response.statusCode}`))));
      });
      asked.on('error', reject);
    });
  }
}
