/** A file on the web, as a link or a metalink tells of it. */
export interface WebFile {
  /** Empty when it is not told. */
  name: string;
  /** Empty when it is not told. */
  sha256: string;
  /** Its web addresses, the preferred first; there is one at least. */
  urls: string[];
}

/** A file of which nothing but its address is told. */
export function fileAt(url: string): WebFile {
  return { name: '', sha256: '', urls: [url] };
}

/** The web address that a text is, without white space around it. */
export function linkOf(text: string): string | undefined {
  const link = text.trim();
  return /^https?:\/\/\S+$/i.test(link) ? link : undefined;
}

/** Every web address that stands alone on a line, each once. */
export function linksOf(text: string): string[] {
  return [...new Set(text.split(/\r?\n/).flatMap((line) => linkOf(line) ?? []))];
}

/** The web addresses in what was pasted or dropped. */
export function linksIn(data: DataTransfer | null): string[] {
  return linksOf(data?.getData('text/uri-list') || data?.getData('text/plain') || '');
}

/** The web addresses in a text that was shared: where no line is an address, those within the lines. */
function linksWithin(text: string): string[] {
  const alone = linksOf(text);
  if (alone.length > 0) return alone;
  const within = text.match(/https?:\/\/[^\s"'<>]+/gi) ?? [];
  return [...new Set(within.map((link) => link.replace(/[.,;:!?)\]]+$/, '')))];
}

/** Every `add` of the page's own address. They leave the address bar and the history at once. */
export function takeLinks(place: Location, past: History): string[] {
  const query = new URLSearchParams(place.search);
  if (!query.has('add')) return [];
  past.replaceState(null, '', place.pathname + place.hash);
  return query.getAll('add').flatMap(linksWithin);
}
