// Flashing USB sticks: whole, refused, pulled out, swapped, broken and counterfeit.
import assert from 'node:assert/strict';
import { GuestHub } from '../support/guesthub.mjs';
import { Users } from '../support/guestmachine.mjs';
import { until } from '../support/testrun.mjs';
import { WrappingServer } from '../support/wrappingserver.mjs';
import { assertBlank, assertGone, assertHolds, assertUntouched, contentOf, Exit, flash, flashUpTo, imageBytes, keepOpen, MiB, named, newest, plug, shown, slow, stickBytes, withFat } from './scene.mjs';

export const flashCases = [
  ['a user writes a stick through UDisks2, and its partitions appear', writesAsAUser],
  ['a user who may not is told so, and the stick is untouched', refusesWhoMayNot],
  ['a stick whose switch is on read-only is not offered', offersNoneThatIsProtected],
  ['of twins side by side only the one that was named is written', tellsTwinsApart],
  ['a mounted stick is unmounted and written', writesAMounted],
  ['a stick whose files are open is left alone', leavesOneInUse],
  ['a stick that holds the image itself is refused', refusesTheImagesOwn],
  ['a stick that is pulled out in the middle: the job says which and ends, nothing valid is on it', endsWhenPulledOut],
  ['one of two sticks is pulled out while it is verified: the other is written', finishesTheOther],
  ['a stick that is swapped for its twin in the middle: the twin is not written', sparesTheTwin],
  ['a stick that is swapped for its twin while the password is asked for: neither is written', sparesTheTwinAtThePassword],
  ['a stick that cannot be written at one place: that is named, the other stick is written', namesWhereItCannotWrite],
  ['a stick that cannot be read at one place: that is named, nothing valid is on it', namesWhereItCannotRead],
  ['a counterfeit stick is refused before it is written', refusesACounterfeit],
];

async function writesAsAUser(scene) {
  const { machine, hub, image } = scene;
  const stick = await plug(scene, { name: 'WHOLE' });
  const { path: device, size, bus, removable, selectable, mounted } = stick.drive;
  assert.deepEqual({ size, bus, removable, selectable, mounted }, { size: stickBytes, bus: 'usb', removable: true, selectable: true, mounted: [] });
  assert.equal((await hub.ctl('flash', image.packed, '--device', stick.drive.id)).code, Exit.Refused);
  assertUntouched(stick);
  const flashed = await flash(scene, image.packed, stick);
  assert.equal(flashed.code, Exit.Done, flashed.text);
  await until('its partition is seen', async () => (await machine.command(Users.ann, ['test', '-b', `${device}1`])).code === 0);
  assert.match(await machine.sh(`udevadm settle; blkid -p ${device}1`), /LABEL="FLASHED"/);
  await stick.unplug();
  assertHolds(scene, stick, image);
  assert.ok(contentOf(stick).subarray(image.bytes.length, -MiB).equals(stick.before.subarray(image.bytes.length, -MiB)), 'behind the image nothing is written');
  await until('it is not shown any more', async () => !(await shown(hub, stick.name)));
}

async function refusesWhoMayNot(scene) {
  const hub = new GuestHub(scene.machine, Users.ben);
  await hub.start();
  const stick = await plug({ ...scene, hub }, { name: 'CLOSED' });
  const refused = await flash({ ...scene, hub }, scene.image.plain, stick);
  assert.equal(refused.code, Exit.Failed, refused.text);
  assert.match(refused.text, /password is needed, and no authentication agent runs/);
  await stick.unplug();
  assertUntouched(stick);
  await hub.stop();
}

async function offersNoneThatIsProtected(scene) {
  const stick = await plug(scene, { name: 'LOCKED', isProtected: true });
  assert.equal(stick.drive.readOnly, true);
  assert.equal(stick.drive.selectable, false);
  const refused = await flash(scene, scene.image.plain, stick);
  assert.equal(refused.code, Exit.Refused, refused.text);
  assert.match(refused.text, /read-only|write-protected/);
}

/** Cheap sticks share their serial number. */
async function tellsTwinsApart(scene) {
  const twins = [await plug(scene, { name: 'TWIN', port: 1 })];
  const sole = twins[0].drive;
  twins.push(await plug(scene, { name: 'TWIN', port: 2 }));
  const drives = await until('both are shown', async () => {
    const found = (await scene.hub.json('devices')).filter(({ serial }) => serial === 'TWIN');
    return found.length === 2 ? found : null;
  });
  assert.equal(drives.find(({ path }) => path === sole.path).id, sole.id, 'the first keeps its id');
  const chosen = drives.find(({ id }) => id !== sole.id);
  assert.ok(chosen.id.startsWith(`${sole.id}@`), chosen.id);
  const bySerial = await scene.hub.ctl('flash', scene.image.packed, '--device', chosen.id, '--device', drives[0].id, '--erase', 'TWIN', '--wait');
  assert.equal(bySerial.code, Exit.Refused, bySerial.text);
  const flashed = await flash(scene, scene.image.packed, { drive: chosen });
  assert.equal(flashed.code, Exit.Done, flashed.text);
  for (const twin of twins) await twin.unplug();
  assertHolds(scene, twins[1], scene.image);
  assertUntouched(twins[0]);
}

async function writesAMounted(scene) {
  const stick = await withFat(scene, 'MOUNTED');
  const flashed = await flash(scene, scene.image.plain, stick);
  assert.equal(flashed.code, Exit.Done, flashed.text);
  assert.doesNotMatch(await scene.machine.sh('cat /proc/mounts'), new RegExp(stick.folder));
  await stick.unplug();
  assertHolds(scene, stick, scene.image);
}

async function leavesOneInUse(scene) {
  const { machine, hub } = scene;
  const stick = await withFat(scene, 'INUSE');
  const user = await keepOpen(scene, stick);
  const before = contentOf(stick);
  const refused = await flash(scene, scene.image.plain, stick);
  assert.equal(refused.code, Exit.Failed, refused.text);
  assert.equal((await newest(hub)).error.code, 'deviceBusy');
  assert.match(refused.text, new RegExp(stick.folder));
  assert.equal(await machine.sh(`ls "${stick.folder}"`), 'letter');
  assert.ok(contentOf(stick).equals(before), 'nothing was written');
  user.kill('SIGKILL');
  await until('it is not used any more', () => user.exit);
  await machine.sh(`umount "${stick.folder}"`);
  await stick.unplug();
}

async function refusesTheImagesOwn(scene) {
  const { machine } = scene;
  const stick = await withFat(scene, 'OWNIMAGE');
  const own = `${stick.folder}/image.raw`;
  const copied = await machine.command(Users.ann, ['cp', scene.image.plain, own]);
  assert.equal(copied.code, 0, copied.text);
  await machine.sh('sync');
  const before = contentOf(stick);
  const refused = await flash(scene, own, stick);
  assert.equal(refused.code, Exit.Refused, refused.text);
  assert.match(refused.text, /image itself lies on/);
  assert.match(await machine.sh('cat /proc/mounts'), new RegExp(stick.folder));
  assert.ok(contentOf(stick).equals(before), 'nothing was written');
  await machine.sh(`umount "${stick.folder}"`);
}

async function endsWhenPulledOut(scene) {
  const stick = await plug(scene, { name: 'PULLED', pace: { 'bps-write': slow } });
  const flashing = await flashUpTo(scene, 3 * MiB, stick);
  await stick.unplug();
  await assertGone(scene, flashing, stick);
  assertBlank(stick);
  assert.equal(await shown(scene.hub, stick.name), undefined);
}

async function finishesTheOther(scene) {
  const stick = await plug(scene, { name: 'READSLOW', pace: { 'bps-read': slow } });
  const other = await plug(scene, { name: 'STAYS', port: 2 });
  const flashing = await flashUpTo(scene, imageBytes + 2 * MiB, stick, other);
  await stick.unplug();
  await assertGone(scene, flashing, stick);
  assert.deepEqual((await newest(scene.hub)).drives.map(({ state }) => state), ['failed', 'succeeded']);
  await other.unplug();
  assertBlank(stick);
  assertHolds(scene, other, scene.image);
}

async function sparesTheTwin(scene) {
  const stick = await plug(scene, { name: 'TWIN', pace: { 'bps-write': slow } });
  const flashing = await flashUpTo(scene, 3 * MiB, stick);
  await stick.unplug();
  const twin = await plug(scene, { name: 'TWIN' });
  assert.deepEqual(twin.drive, stick.drive);
  await assertGone(scene, flashing, stick);
  await scene.machine.sh('sync; udevadm settle');
  await twin.unplug();
  assertUntouched(twin);
  assertBlank(stick);
}

async function sparesTheTwinAtThePassword(scene) {
  const { machine } = scene;
  const stick = await plug(scene, { name: 'ASKED' });
  const asked = await machine.spawn(Users.root, 'dbus-monitor', '--system', "type='method_call',member='CheckAuthorization'");
  await until('the questions are seen', () => asked.lines.length > 0);
  await machine.sh('busybox killall -STOP polkitd'); // as long as nobody types the password
  const flashing = await scene.hub.begin('flash', scene.image.plain, ...named([stick]), '--wait');
  await until('the password is asked for', () => asked.lines.some((line) => line.includes('.open-device')));
  await stick.unplug();
  const twin = await plug(scene, { name: 'ASKED' });
  assert.deepEqual(twin.drive, stick.drive);
  await machine.sh('busybox killall -CONT polkitd');
  await assertGone(scene, flashing, stick);
  await twin.unplug();
  for (const each of [stick, twin]) assertUntouched(each);
  asked.kill('SIGTERM');
}

async function namesWhereItCannotWrite(scene) {
  const bad = 20 * MiB + 512 * 3;
  const stick = await plug(scene, { name: 'WORN', faults: [{ iotype: 'write', sector: bad / 512 }] });
  const other = await plug(scene, { name: 'FINE', port: 2 });
  const flashed = await flash(scene, scene.image.packed, stick, other);
  assert.equal(flashed.code, Exit.Failed, flashed.text);
  const { drives } = await newest(scene.hub);
  assert.deepEqual(drives.map(({ id, state }) => ({ id, state })), [
    { id: stick.drive.id, state: 'failed' },
    { id: other.drive.id, state: 'succeeded' },
  ]);
  assert.equal(drives[0].error.code, 'deviceFailed');
  assert.match(drives[0].error.message, new RegExp(`${stick.drive.path}: write at byte ${20 * MiB}: Input/output error`));
  for (const each of [stick, other]) await each.unplug();
  assertBlank(stick);
  assertHolds(scene, other, scene.image);
}

async function namesWhereItCannotRead(scene) {
  const bad = 12 * MiB + 512 * 7;
  const stick = await plug(scene, { name: 'DEAF', faults: [{ iotype: 'read', sector: bad / 512 }] });
  const flashed = await flash(scene, scene.image.packed, stick);
  assert.equal(flashed.code, Exit.Failed, flashed.text);
  const { error } = await newest(scene.hub);
  assert.equal(error.code, 'verificationFailed');
  assert.match(error.message, new RegExp(`${stick.drive.path}: 1 MiB of 25 do not read back as written, the first at byte ${12 * MiB} \\(medium\\)`));
  await stick.unplug();
  assertBlank(stick);
}

async function refusesACounterfeit(scene) {
  const socket = scene.run.path('nbd');
  const server = await WrappingServer.listen(scene.run, socket, { claimed: stickBytes, real: 16 * MiB });
  const stick = await plug(scene, { name: 'FAKE', nbd: socket });
  const refused = await flash(scene, scene.image.packed, stick);
  assert.equal(refused.code, Exit.Failed, refused.text);
  const { error, done } = await newest(scene.hub);
  assert.equal(error.code, 'counterfeitDrive');
  assert.match(error.message, /wrapped/);
  assert.equal(done, 0);
  await stick.unplug();
  assert.ok(server.bytes.subarray(0, MiB).every((byte) => byte === 0), 'nothing valid is on it');
}
