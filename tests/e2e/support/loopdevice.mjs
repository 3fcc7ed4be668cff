// Loop devices over files of the run: drives that may be written, plugged in and pulled out.
import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export class LoopDevice {
  /** Of `bytes` zeros in the run's folder. Throws where nobody may have one. */
  static async plugIn(run, name, bytes, sector = 512) {
    const file = run.path(name);
    writeFileSync(file, '');
    truncateSync(file, bytes);
    const { code, lines } = await run.command('losetup', 'losetup', ['--find', '--show', '--sector-size', String(sector), file]);
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

/** `count` new ones of `bytes` each, gone with the run; or `{reason}` why there are none. */
export async function loopDevices(run, { count, bytes, sector = 512 }) {
  const drives = [];
  try {
    for (let i = 0; i < count; i++) drives.push(await LoopDevice.plugIn(run, `drive${i}-${bytes}-${sector}`, bytes, sector));
  } catch (error) {
    return { reason: error.message };
  }
  return drives;
}
