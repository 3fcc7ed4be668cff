import { urlIn } from './address.js';

/** How Dray shows the value of a query member that may be a secret. */
const hidden = '***';

/** Whether Dray, which shows an address without logins and secrets, means `url` by `shown`. */
export function isSameAddress(url: string, shown: string): boolean {
  const asked = partsOf(url);
  const known = partsOf(shown);
  if (!asked || !known || asked.place !== known.place || asked.members.length !== known.members.length) return false;
  return asked.members.every((member, index) => isSameMember(member, known.members[index] ?? ''));
}

function partsOf(address: string): { place: string; members: string[] } | undefined {
  const url = urlIn(address);
  return url && { place: url.origin + decoded(url.pathname), members: url.search.split('&').map(decoded) };
}

function isSameMember(member: string, known: string): boolean {
  if (!known.endsWith(`=${hidden}`)) return member === known;
  return member.startsWith(known.slice(0, -hidden.length));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
