// Loop devices over files of the run: drives that may be written.
import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** `{device, id, file}` of new loop devices, `count` of `bytes` each, or `{reason}` why there are none. */
export async function loopDrives(run, { count, bytes, sector = 512 }) {
  const drives = [];
  for (let i = 0; i < count; i++) {
    const file = run.path(`drive${i}-${sector}`);
    writeFileSync(file, '');
    truncateSync(file, bytes);
    const make = run.command('losetup', 'losetup', ['--find', '--show', '--sector-size', String(sector), file]);
    const { code, lines } = await make.catch((error) => ({ code: -1, lines: [error.message] }));
    if (code !== 0) return { reason: `no loop device: ${lines.join(' ')}` };
    const device = lines[0];
    run.onEnd(() => run.command('losetup', 'losetup', ['--detach', device]));
    drives.push({ device, id: path.basename(device), file });
  }
  return drives;
}
