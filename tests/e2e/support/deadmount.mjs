// A mount that never answers, as a file server that went away: FUSE (fuse(4)) without a program that reads what the
// kernel asks. Who looks into it waits until it ends.
import { execFileSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export class DeadMount {
  #folder;
  #device;

  /** Over `folder`, which nobody of ours may look into until end(). Needs mounts of our own. */
  static over(run, folder) {
    const mount = new DeadMount(folder);
    run.onEnd(async () => mount.end());
    return mount;
  }

  constructor(folder) {
    this.#folder = folder;
    this.#device = openSync('/dev/fuse', 'r+');
    const options = `fd=3,rootmode=40000,user_id=${process.getuid()},group_id=${process.getgid()}`;
    execFileSync('mount', ['-i', '-t', 'fuse', '-o', options, 'dead', folder], { stdio: ['ignore', 'pipe', 'pipe', this.#device] });
  }

  /** Who waits is told that it is gone, and the folder is what it was. */
  end() {
    if (this.#device === null) return;
    closeSync(this.#device);
    this.#device = null;
    execFileSync('umount', ['-l', this.#folder]);
  }
}
