// A loop device as a drive that is plugged in and pulled out.
import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export class LoopDevice {
  /** Of `bytes` zeros in the run's folder. Throws where nobody may have one. */
  static async plugIn(run, name, bytes) {
    const file = run.path(name);
    writeFileSync(file, '');
    truncateSync(file, bytes);
    const { code, lines } = await run.command('losetup', 'losetup', ['--find', '--show', file]);
    if (code !== 0) throw new Error(`no loop device: ${lines.join(' ')}`);
    const drive = new LoopDevice(run, lines[0], file);
    run.onEnd(() => drive.pullOut());
    return drive;
  }

  constructor(run, device, file) {
    Object.assign(this, { run, device, file, id: path.basename(device), isIn: true });
  }

  async pullOut() {
    if (!this.isIn) return;
    this.isIn = false;
    await this.run.command('losetup', 'losetup', ['--detach', this.device]);
  }
}
