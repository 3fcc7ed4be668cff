const catching = { permissions: ['downloads', 'cookies', 'webRequest'], origins: ['*://*/*'] } as const;
const media = { permissions: ['webRequest', 'cookies'], origins: ['*://*/*'] } as const;
const notices = { permissions: ['notifications'], origins: [] } as const;

export const needs = { catches: catching, findsMedia: media, notifies: notices } as const;
export type Feature = keyof typeof needs;

/** Asks the user. Call from a click: browsers allow it only there. */
export function askFor(feature: Feature): Promise<boolean> {
  return chrome.permissions.request(copyOf(needs[feature]));
}

/** Gives back what no feature that is on needs. */
export async function giveBack(on: readonly Feature[]): Promise<void> {
  const kept = on.map((feature) => needs[feature]);
  const keptNames = new Set<string>(kept.flatMap(({ permissions }) => [...permissions]));
  const allNames = new Set(Object.values(needs).flatMap(({ permissions }) => [...permissions]));
  const permissions = [...allNames].filter((name) => !keptNames.has(name));
  const needsSites = kept.some(({ origins }) => origins.length > 0);
  await chrome.permissions.remove({ permissions, origins: needsSites ? [] : ['*://*/*'] }).catch(() => false);
}

function copyOf({ permissions, origins }: (typeof needs)[Feature]): chrome.permissions.Permissions {
  return { permissions: [...permissions], origins: [...origins] };
}
