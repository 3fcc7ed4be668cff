// drayd in a guest, as one of its users, and drayctl beside it.
import { until } from './testrun.mjs';

const startSeconds = 60;

export class GuestHub {
  #daemon = null;

  constructor(machine, user) {
    this.machine = machine;
    this.user = user;
    this.folder = `/home/${user.name}`;
    this.port = 20_000 + user.uid;
  }

  get isRunning() {
    return this.#daemon.exit === null;
  }

  async start() {
    const options = ['--data-dir', `${this.folder}/data`, '--download-dir', `${this.folder}/downloads`, '--listen', `127.0.0.1:${this.port}`];
    this.#daemon = await this.machine.spawn(this.user, '/dray/programs/drayd', ...options);
    const answers = async () => !this.isRunning || (await this.ctl('status')).code === 0;
    await until('drayd listens in the guest', answers, startSeconds);
    if (!this.isRunning) throw new Error(`drayd ended\n${this.#daemon.lines.join('\n')}`);
  }

  async stop() {
    this.#daemon.kill('SIGTERM');
    await until('drayd ends in the guest', () => !this.isRunning);
  }

  /** Runs drayctl to its end: `{code, text}`. */
  ctl(...args) {
    return this.machine.command(this.user, this.#drayctl(args));
  }

  /** Starts drayctl: a GuestChild. */
  begin(...args) {
    return this.machine.spawn(this.user, ...this.#drayctl(args));
  }

  /** What drayctl answers in JSON. */
  async json(...args) {
    const { code, text } = await this.ctl('--json', ...args);
    if (code !== 0) throw new Error(`drayctl ${args.join(' ')}: ${code}\n${text}`);
    return JSON.parse(text);
  }

  #drayctl(args) {
    return ['/dray/programs/drayctl', '--data-dir', `${this.folder}/data`, ...args];
  }
}
