// Loop devices that stand for drives.
import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** New loop devices of that size, `{device, id, file}`, gone with the run; or `{reason}` why there are none. */
export async function loopDevices(run, count, bytes) {
  const drives = [];
  for (let i = 0; i < count; i++) {
    const file = run.path(`drive-${bytes}-${i}`);
    writeFileSync(file, '');
    truncateSync(file, bytes);
    const absent = (error) => ({ code: -1, lines: [error.message] });
    const { code, lines } = await run.command('losetup', 'losetup', ['--find', '--show', file]).catch(absent);
    if (code !== 0) return { reason: `no loop device: ${lines.join(' ')}` };
    const device = lines[0];
    run.onEnd(() => run.command('losetup', 'losetup', ['--detach', device]));
    drives.push({ device, id: path.basename(device), file });
  }
  return drives;
}
