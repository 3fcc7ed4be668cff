// Flashing USB sticks as a user who is not root: the kernel's usb-storage, udevd, polkit and UDisks2 in a
// guest whose sticks are files here. They are pulled out, swapped, fail and lie; what reached them is
// compared here, by tools that are not ours; and they are given back. Who the users are is told in guest/boot.
//
//     node guest.mjs PROGRAMS WEB OUTPUT [PATTERN]
//
// PROGRAMS holds drayd and drayctl; OUTPUT keeps the guest's kernel from run to run; WEB is not used. Of the
// cases only those whose name fits PATTERN. Ends with exit code 0 when every case is as it must be.
// Skipped where QEMU is not installed.
import path from 'node:path';
import { backCases } from './guest/backcases.mjs';
import { flashCases } from './guest/flashcases.mjs';
import { makeImage } from './guest/scene.mjs';
import { GuestHub } from './support/guesthub.mjs';
import { GuestMachine, isQemuInstalled, Users } from './support/guestmachine.mjs';
import { runRows } from './support/rows.mjs';
import { tellSkipped } from './support/testrun.mjs';

/** Without hardware help the guest is some ten times slower than this computer. */
const rowSeconds = 240;
const [programs, , output] = process.argv.slice(2).map((argument) => path.resolve(argument));
const only = new RegExp(process.argv[5] ?? '');

async function main(run, rows) {
  const machine = new GuestMachine(run, { cache: path.join(output, 'guest'), programs });
  await machine.start();
  const scene = { run, machine, image: makeImage(run), hub: new GuestHub(machine, Users.ann) };
  await scene.hub.start();
  for (const [name, check] of [...flashCases, ...backCases].filter(([name]) => only.test(name))) {
    await rows.run(name, () => check(scene), { seconds: rowSeconds });
    await machine.unplugAll();
  }
}

if (isQemuInstalled()) await runRows('guest', main, 'guest');
else tellSkipped('qemu-system-x86_64 is not installed');
