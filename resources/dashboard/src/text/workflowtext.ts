import { wordFor } from './jobtext.js';
import { text } from './words.js';

const ownKinds = ['download', 'media', 'verify', 'extract', 'flash', 'command'];

/** What Dray does itself, waits for a program to report, or offers to an agent. */
export function stepKindText(kind: string): string {
  if (kind === 'report') return text.kinds.external;
  return (ownKinds.includes(kind) && wordFor(text.kinds, kind)) || text.workflows.forAgent(kind);
}
