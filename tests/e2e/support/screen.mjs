// A screen of our own for the window: Xvfb on a display number that it finds itself.
import { createInterface } from 'node:readline';
import { until } from './testrun.mjs';

export class Screen {
  static async start(run, size = '1280x800') {
    const args = ['-displayfd', '3', '-screen', '0', `${size}x24`, '-nolisten', 'tcp', '-noreset'];
    const child = run.start('Xvfb', 'Xvfb', args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    let number = null;
    createInterface({ input: child.process.stdio[3] }).on('line', (line) => (number = line.trim()));
    await until('Xvfb has a display', () => number !== null || child.exit !== null);
    if (number === null) throw new Error(`Xvfb did not start\n${child.lines.join('\n')}`);
    return new Screen(run, `:${number}`);
  }

  constructor(run, display) {
    this.run = run;
    this.display = display;
  }

  /** The ids of the windows whose title has `title`. */
  async windows(title) {
    return (await this.#xdotool('search', '--onlyvisible', '--name', title)).lines.filter((line) => /^\d+$/.test(line));
  }

  /** Types `keys` ("alt+l") into the window whose title has `title`; nothing when it is gone. */
  async press(title, keys) {
    const [id] = await this.windows(title);
    if (id) await this.#xdotool('windowfocus', id, 'key', keys);
  }

  #xdotool(...args) {
    return this.run.command('xdotool', 'xdotool', args, { env: { PATH: process.env.PATH, DISPLAY: this.display } });
  }

  /** Saves what the screen shows, without its empty border, as a PNG. */
  async save(path) {
    const { code, lines } = await this.run.command('import', 'import', [
      '-display', this.display, '-window', 'root', '-trim', '+repage', path,
    ]);
    if (code !== 0) throw new Error(`no screenshot: ${lines.join('\n')}`);
  }
}
