import type { FakeHub } from 'dray-client/fakehub';
import type { Agent, AgentPoint, Drive, Job } from 'dray-client';

const MiB = 1024 * 1024;
const GiB = 1024 * MiB;
const begin = Date.UTC(2026, 10, 20, 21, 40);

/** A stick as a hub lists it. */
export function stick(letter: string, fields: Partial<Drive> = {}): Drive {
  return { id: `usb-Kingston_60A4${letter}`, path: `/dev/sd${letter}`, serial: `60A4${letter}`.toUpperCase(), vendor: 'Kingston', model: 'DataTraveler',
    size: 31_914_983_424, bus: 'usb', removable: true, readOnly: false, system: false, selectable: true, reason: '', risks: [], mounted: [], ...fields };
}

/** The system's drive, a stick with files, a blank one. */
export function drives(): Drive[] {
  return [
    stick('a', { id: 'nvme-Acme', path: '/dev/nvme0n1', vendor: '', model: 'Acme 980', size: 1e12, bus: 'nvme', system: true, selectable: false,
      reason: '/dev/nvme0n1 is never written: the running system has / on it.' }),
    stick('b', { risks: ['mounted', 'fileSystem'], mounted: ['/media/ada/HOLIDAY'] }),
    stick('c'),
  ];
}

/** Workflows in every state that looks different; the latest, w4, failed in its second step. */
export function fillWorkflows(hub: FakeHub): void {
  const { workflows } = hub;
  workflows.add('holiday.tar.zst', [{ name: 'fetch', kind: 'download', state: 'succeeded', progress: 1, job: '4' }, { name: 'unpack', kind: 'extract', state: 'succeeded', progress: 1, needs: ['fetch'], job: '5' }],
    { state: 'succeeded', progress: 1, stage: 'unpack', stageIndex: 2, createdAt: begin, finishedAt: begin + 60_000 });
  workflows.add('Scan the archive and print what is missing', [{ name: 'scan', kind: 'scan', state: 'paused', progress: 0.4, job: '6' }, { name: 'print', kind: 'print', needs: ['scan'] }],
    { state: 'paused', progress: 0.2, stage: 'scan', createdAt: begin });
  workflows.add('debian-12.12.0-amd64-netinst.iso', [
    { name: 'fetch', kind: 'download', state: 'succeeded', progress: 1, job: '2' }, { name: 'check', kind: 'verify', state: 'running', progress: 0.62, needs: ['fetch'], job: '8' },
    { name: 'write', kind: 'flash', needs: ['fetch', 'check'] },
  ], { state: 'running', progress: 0.55, stage: 'check', stageIndex: 2, message: 'Reading the file', createdAt: begin });
  workflows.add('ubuntu-26.04-desktop-amd64.iso', [
    { name: 'fetch', kind: 'download', state: 'succeeded', progress: 1, job: '1' },
    { name: 'check', kind: 'verify', state: 'failed', progress: 1, needs: ['fetch'], job: '3', error: { code: 'checksumMismatch', message: 'Not the expected file: ubuntu-26.04-desktop-amd64.iso' } },
    { name: 'write', kind: 'flash', state: 'failed', needs: ['fetch', 'check'], error: { code: 'prerequisite', message: 'It needs another: check' } },
  ], { state: 'failed', progress: 0.66, stage: 'check', stageIndex: 2, message: 'ubuntu-26.04-desktop-amd64.iso', createdAt: begin, finishedAt: begin + 60_000 });
}

export function agents(): Agent[] {
  const agent = (name: string, fields: Partial<Agent>, errors = 0, healthy = true): Agent => ({ name, status: 'idle', capabilities: [name],
    metrics: { messageCount: 1200 + errors, errorCount: errors, errorRate: errors / 20, averageExecutionSeconds: 2.42, healthy }, ...fields });
  return [
    agent('downloader', { status: 'busy', capabilities: ['download'], current: '9' }), agent('flasher', { capabilities: ['flash', 'compare'] }),
    agent('printer', { status: 'offline', capabilities: ['print'] }, 1, false), agent('scanner-7', { status: 'error', capabilities: ['scan'] }, 5),
  ];
}

/** The last twenty minutes of an agent. */
export function agentHistory(nowMs: number): AgentPoint[] {
  return Array.from({ length: 20 }, (_, index) => ({ time: nowMs - index * 60_000, messages: 40 + (index % 7) * 9, succeeded: 3 + (index % 4), failed: index % 5 === 0 ? 1 : 0 }));
}

/** A list as people have it: every state and stage that looks different. */
export function fill(hub: FakeHub): void {
  const at = (minutes: number) => begin + minutes * 60_000;
  const jobs: Partial<Job>[] = [
    { title: 'ubuntu-26.04-desktop-amd64.iso', state: 'failed', done: 2.1 * GiB, total: 6.2 * GiB, createdAt: at(0), startedAt: at(0), finishedAt: at(3),
      source: 'https://releases.example.org/26.04/ubuntu-26.04-desktop-amd64.iso', target: '/home/ada/Downloads/ubuntu-26.04-desktop-amd64.iso',
      error: { code: 'noSpace', message: 'No space left: /home/ada/Downloads: No space left on device', retryable: false } },
    { title: 'debian-12.12.0-amd64-netinst.iso', state: 'succeeded', done: 670 * MiB, total: 670 * MiB, createdAt: at(1), startedAt: at(1), finishedAt: at(4),
      source: 'https://cdimage.example.org/debian-12.12.0-amd64-netinst.iso', target: '/home/ada/Downloads/debian-12.12.0-amd64-netinst.iso',
      sha256: 'dfc30e04fd095ac2c07e998f145e94bb8f7d3a8eca3a631d2eb012398deae531' },
    { title: 'holiday-2026.tar.zst', state: 'canceled', done: 12 * MiB, total: 900 * MiB, createdAt: at(5) },
    { title: 'paper.pdf', state: 'succeeded', done: 845_312, total: 845_312, createdAt: at(6), finishedAt: at(6) },
    { title: 'map-tiles-europe.mbtiles', state: 'queued', total: 24.4 * GiB, createdAt: at(7) },
    { title: 'linux-6.18.tar.xz', state: 'paused', done: 61 * MiB, total: 148.2 * MiB, createdAt: at(8), startedAt: at(8) },
    { title: 'stream-recording', state: 'running', stage: 'transferring', done: 310 * MiB, bytesPerSecond: 3.2 * MiB, createdAt: at(9), startedAt: at(9) },
    { title: 'fedora-workstation-43.raw.xz', state: 'running', stage: 'hashing', done: 2.5 * GiB, total: 2.6 * GiB, bytesPerSecond: 421 * MiB, etaSeconds: 1, createdAt: at(10), startedAt: at(10) },
    { title: 'wikipedia_en_all_maxi_2026-11_with_a_name_that_is_much_too_long_for_any_column.zim', state: 'running', stage: 'transferring', done: 41.3 * GiB, total: 111.8 * GiB,
      bytesPerSecond: 38.4 * MiB, etaSeconds: 1880, createdAt: at(11), startedAt: at(11), source: 'https://download.example.org/zim/wikipedia_en_all_maxi_2026-11.zim' },
  ];
  for (const job of jobs) {
    hub.add({ ...job, ...(job.done === undefined ? {} : { done: Math.round(job.done) }), ...(job.total === undefined ? {} : { total: Math.round(job.total) }) });
  }
}

export function settings(): Record<string, string | number | boolean> {
  return {
    'download.categories': '', 'download.connections': 8, 'download.folder': '', 'download.ifExists': 'rename', 'download.netrc': '', 'download.proxy': '',
    'download.userAgent': '', 'flash.imagesFolder': '', 'jwt.publicKeyFile': '', 'jwt.secretFile': '', 'limit.download': 0, 'limit.schedule': '',
    'notify.failed': true, 'notify.finished': true, 'queue.downloads': 3, 'queue.hours': '', 'window.closeToTray': true,
  };
}

export function history(): Record<string, unknown>[] {
  const entry = (id: number, fields: object) => ({ id: String(id), finishedAt: begin + id * 600_000, job: String(id), kind: 'download', owner: 'local', source: 'https://example.org/x', bytes: 0, ...fields });
  return [
    entry(4, { kind: 'flash', title: 'debian-12.12.0-amd64-netinst.iso', bytes: 670 * MiB, verdict: 'verified',
      drive: { id: 'usb-Kingston_60A4b', serial: '60A4B', writtenBytes: 670 * MiB, rewrites: 1, writeBytesPerSecond: 31 * MiB, verifyBytesPerSecond: 96 * MiB } }),
    entry(3, { title: 'debian-12.12.0-amd64-netinst.iso', bytes: 670 * MiB, verdict: 'succeeded', target: '/home/ada/Downloads/debian-12.12.0-amd64-netinst.iso' }),
    entry(2, { title: 'ubuntu-26.04-desktop-amd64.iso', bytes: 2.1 * GiB, verdict: 'failed', error: { code: 'noSpace', message: 'No space left: /home/ada/Downloads' } }),
    entry(1, { title: 'holiday-2026.tar.zst', verdict: 'canceled' }),
  ];
}

export function tokens(): Record<string, unknown>[] {
  return [
    { id: 't1', name: 'Page in Firefox', scopes: ['read', 'control', 'add', 'report'], owner: 'local', createdAt: begin, lastUsedAt: begin + 3_600_000 },
    { id: 't2', name: 'backup script', scopes: ['report'], owner: 'backup', createdAt: begin, expiresAt: begin + 86_400_000 },
  ];
}

export function pairing(): Record<string, unknown>[] {
  return [{ id: 'p1', name: 'Extension in Chrome', kind: 'extension', code: '402917', expiresAt: begin + 120_000 }];
}
