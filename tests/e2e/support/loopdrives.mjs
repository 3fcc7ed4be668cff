// Loop devices that stand for USB drives.
import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** New loop devices of a run, `{device, id, file}` each; or a `reason` why there are none. They go when the run ends. */
export async function loopDrives(run, count, bytes) {
  const drives = [];
  for (let i = 0; i < count; i++) {
    const file = run.path(`drive${i}`);
    writeFileSync(file, '');
    truncateSync(file, bytes);
    const { code, lines } = await run.command('losetup', 'losetup', ['--find', '--show', file]).catch((error) => ({ code: -1, lines: [error.message] }));
    if (code !== 0) return { reason: `no loop device: ${lines.join(' ')}` };
    const device = lines[0];
    run.onEnd(() => run.command('losetup', 'losetup', ['--detach', device]));
    drives.push({ device, id: path.basename(device), file });
  }
  return drives;
}
