/** The web address that a text is, without white space around it. */
export function linkOf(text: string): string | undefined {
  const link = text.trim();
  return /^https?:\/\/\S+$/i.test(link) ? link : undefined;
}

/** The first web address in what was pasted or dropped. */
export function linkIn(data: DataTransfer | null): string | undefined {
  const list = data?.getData('text/uri-list') || data?.getData('text/plain') || '';
  return list.split(/\r?\n/).map(linkOf).find((link) => link !== undefined);
}
