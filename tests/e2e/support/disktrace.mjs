// What a program did to the files of one folder, read from strace's account of it, and what a power cut
// may leave of that.
//
// A file system promises this much: what fsync or fdatasync covered is there; of the rest any write may
// be there or not; names change in order, and are there for certain after fsync of their folder.

const call = /^(\d+)\s+(\w+)\((.*)$/s;
const resumed = /^(\d+)\s+<\.\.\. (\w+) resumed>/;
const unfinished = '<unfinished ...>';
const plainEscapes = { n: '\n', t: '\t', r: '\r', v: '\v', f: '\f', a: '\x07', b: '\b' };

/**
 * The operations on files under `folder`, each `{kind, at, endedAt, …}`: `at` is the line it began on,
 * `endedAt` the one on which it had returned.
 */
export function readTrace(text, folder) {
  const operations = [];
  const open = new Map(); // by thread: what has begun and not returned
  text.split('\n').forEach((line, at) => {
    const back = resumed.exec(line);
    if (back) {
      const operation = open.get(back[1]);
      if (operation) operation.endedAt = at;
      if (operation && / = -1 /.test(line)) operation.hasFailed = true;
      open.delete(back[1]);
      return;
    }
    const [, thread, name, rest] = call.exec(line) ?? [];
    const operation = name && operationOf(name, rest, folder);
    if (!operation) return;
    operations.push(Object.assign(operation, { at, endedAt: at, hasFailed: / = -1 \w+ \(.*\)$/.test(rest) }));
    if (!line.endsWith(unfinished)) return;
    operation.endedAt = Infinity;
    open.set(thread, operation);
  });
  return operations.filter(({ hasFailed }) => !hasFailed);
}

function operationOf(name, rest, folder) {
  const isOurs = (path) => path !== undefined && (path === folder || path.startsWith(`${folder}/`));
  const path = /^\d+<([^>]*)>/.exec(rest)?.[1];
  const strings = () => [...rest.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map(([, text]) => unescape(text));
  const numbers = () => /, (-?\d+)(?:, (-?\d+))?\)(?:\s+=|\s*$)|, (-?\d+)(?:, (-?\d+))?, *<unf/.exec(rest);
  switch (name) {
    case 'openat': {
      const opened = strings()[0]?.toString();
      return isOurs(opened) && rest.includes('O_CREAT') ? { kind: 'create', path: opened, isEmptied: rest.includes('O_TRUNC') } : null;
    }
    case 'pwrite64':
    case 'write': {
      if (!isOurs(path)) return null;
      const bytes = strings()[0];
      const offset = name === 'pwrite64' ? Number(/, (\d+)(?:\)|\s*<unfinished)[^"]*$/.exec(rest)[1]) : null;
      return { kind: 'write', path, bytes, offset };
    }
    case 'ftruncate':
      return isOurs(path) ? { kind: 'resize', path, size: Number(numbers()[1]) } : null;
    case 'fsync':
    case 'fdatasync':
      return isOurs(path) ? { kind: 'sync', path } : null;
    case 'rename':
    case 'renameat':
    case 'renameat2': {
      const [from, to] = strings().map(String);
      return isOurs(to) ? { kind: 'rename', from, to } : null;
    }
    case 'unlink':
    case 'unlinkat': {
      const removed = strings()[0]?.toString();
      return isOurs(removed) ? { kind: 'remove', path: removed } : null;
    }
    default:
      return null;
  }
}

/** A C string as strace prints it, as bytes. */
function unescape(text) {
  const bytes = Buffer.alloc(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '\\') {
      bytes[length++] = text.charCodeAt(i);
      continue;
    }
    const code = /^(?:x([0-9a-f]{2})|([0-7]{1,3}))/.exec(text.slice(i + 1, i + 4));
    const plain = text[i + 1];
    bytes[length++] = code ? parseInt(code[1] ?? code[2], code[1] ? 16 : 8) : (plainEscapes[plain] ?? plain).charCodeAt(0);
    i += code ? code[0].length : 1;
  }
  return bytes.subarray(0, length);
}

class FileState {
  /** What a medium certainly holds, and what was done since. */
  synced = Buffer.alloc(0);
  changes = [];

  /** The content when `isKept(change)` says which of the later changes reached the medium. */
  content(isKept) {
    return this.changes.filter(isKept).reduce(applied, this.synced);
  }

  sync(startedAt) {
    const covered = this.changes.filter(({ endedAt }) => endedAt < startedAt);
    this.synced = covered.reduce(applied, this.synced);
    this.changes = this.changes.filter(({ endedAt }) => endedAt >= startedAt);
  }
}

function applied(content, { kind, bytes, offset, size }) {
  const length = kind === 'resize' ? size : Math.max(content.length, offset + bytes.length);
  const result = length > content.length || kind === 'resize' ? Buffer.alloc(length) : Buffer.from(content);
  content.copy(result, 0, 0, Math.min(length, content.length));
  if (kind === 'write') bytes.copy(result, offset);
  return result;
}

/** The folder as the operations make it, one after the other. */
export class TracedFolder {
  #folder;
  #names = new Map(); // as the program sees them: path → FileState
  #syncedNames = new Map();
  #nameChanges = []; // since the last sync of the folder, oldest first

  constructor(folder) {
    this.#folder = folder;
  }

  apply(operation) {
    const { kind, path } = operation;
    if (kind === 'create' && !this.#names.has(path)) return this.#changeNames({ set: [path, new FileState()] });
    if (kind === 'create' && operation.isEmptied) return void this.#change(path, { ...operation, kind: 'resize', size: 0 });
    if (kind === 'write' || kind === 'resize') return void this.#change(path, operation);
    if (kind === 'rename') return this.#changeNames({ remove: operation.from, set: [operation.to, this.#names.get(operation.from)] });
    if (kind === 'remove') return this.#changeNames({ remove: path });
    if (path !== this.#folder) return void this.#names.get(path)?.sync(operation.at);
    this.#syncedNames = this.#namesAfter(this.#nameChanges.length);
    this.#nameChanges = [];
  }

  /**
   * One thing a power cut may leave, path → bytes: the first `nameShare` (0 to 1) of the name changes
   * that no sync covers, and those writes for which `isKept(write)`.
   */
  afterPowerCut(nameShare, isKept) {
    const names = this.#namesAfter(Math.round(this.#nameChanges.length * nameShare));
    return new Map([...names].map(([path, file]) => [path, file.content(isKept)]));
  }

  #change(path, operation) {
    const file = this.#names.get(path);
    const offset = operation.offset ?? file.content(() => true).length; // write(2) goes on at the end
    file.changes.push({ ...operation, offset });
  }

  #changeNames(change) {
    this.#nameChanges.push(change);
    applyNames(this.#names, change);
  }

  #namesAfter(count) {
    const names = new Map(this.#syncedNames);
    for (const change of this.#nameChanges.slice(0, count)) applyNames(names, change);
    return names;
  }
}

function applyNames(names, { set, remove }) {
  if (remove) names.delete(remove);
  if (set?.[1]) names.set(...set);
}
