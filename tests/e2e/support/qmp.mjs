// QEMU's own control: commands, their answers, and what it tells by itself (qemu-qmp-ref).
import { LineSocket } from './linesocket.mjs';
import { until } from './testrun.mjs';

export class Qmp {
  #socket;
  #waiting = [];
  events = [];

  static async to(path) {
    const qmp = new Qmp(await LineSocket.to(path));
    await qmp.run('qmp_capabilities');
    return qmp;
  }

  constructor(socket) {
    this.#socket = socket;
    socket.onMessage((message) => this.#take(message));
    socket.onClose(() => this.#waiting.splice(0).forEach(({ command, reject }) => reject(new Error(`${command}: QEMU ended`))));
  }

  /** The answer of a command; an error says which. */
  run(command, args = {}) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ command, resolve, reject });
      this.#socket.send({ execute: command, arguments: args });
    });
  }

  /** Waits for an event of that name for which `fits(data)`. */
  event(name, fits = () => true) {
    return until(`QEMU tells ${name}`, () => this.events.find(({ event, data }) => event === name && fits(data)));
  }

  close() {
    this.#socket.close();
  }

  #take(message) {
    if (message.event) return void this.events.push(message);
    if (!('return' in message || 'error' in message)) return; // its greeting
    const { command, resolve, reject } = this.#waiting.shift();
    if (message.error) reject(new Error(`${command}: ${message.error.desc}`));
    else resolve(message.return);
  }
}
