import type { WebFile } from './links.js';

/** The files a metalink, version 4 (RFC 5854) or 3, describes that can be fetched from the web. */
export function metalinkFiles(xml: string): WebFile[] {
  return elements(xml, 'file').map(({ attributes, inner }) => {
    const whole = inner.replaceAll(/<pieces[\s\S]*?<\/pieces>/g, '');
    return { name: nameOf(attributes), sha256: sha256In(whole), urls: urlsIn(whole) };
  }).filter(({ urls }) => urls.length > 0);
}

interface Element {
  attributes: string;
  inner: string;
}

function elements(xml: string, name: string): Element[] {
  const pattern = new RegExp(`<${name}(\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g');
  return [...xml.matchAll(pattern)].map(([, attributes = '', inner = '']) => ({ attributes, inner }));
}

function attribute(attributes: string, name: string): string {
  return plain(new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`).exec(attributes)?.[1] ?? '');
}

/** A name, never a path. */
function nameOf(attributes: string): string {
  return attribute(attributes, 'name').split('/').at(-1) ?? '';
}

function sha256In(xml: string): string {
  const hash = elements(xml, 'hash').find(({ attributes }) => /^sha-?256$/i.test(attribute(attributes, 'type')));
  const digits = hash?.inner.trim().toLowerCase() ?? '';
  return /^[0-9a-f]{64}$/.test(digits) ? digits : '';
}

/** Smaller priorities first in version 4, greater preferences in version 3. */
function urlsIn(xml: string): string[] {
  const rank = (attributes: string) => Number(attribute(attributes, 'priority') || 0) || -Number(attribute(attributes, 'preference') || -1_000_000);
  return elements(xml, 'url')
    .map(({ attributes, inner }) => ({ rank: rank(attributes), url: plain(inner.trim()) }))
    .filter(({ url }) => /^https?:\/\/\S+$/i.test(url))
    .sort((a, b) => a.rank - b.rank)
    .map(({ url }) => url);
}

const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function plain(xml: string): string {
  return xml.replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? '');
}
