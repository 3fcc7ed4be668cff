/** The first web address in what was pasted or dropped. */
export function linkIn(data: DataTransfer | null): string | undefined {
  const list = data?.getData('text/uri-list') || data?.getData('text/plain') || '';
  const lines = list.split(/\r?\n/).map((line) => line.trim());
  return lines.find((line) => /^https?:\/\/\S+$/i.test(line));
}
