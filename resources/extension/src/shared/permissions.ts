const catching = { permissions: ['downloads', 'cookies', 'webRequest'], origins: ['*://*/*'] } as const;
const media = { permissions: ['webRequest', 'cookies'], origins: ['*://*/*'] } as const;
const notices = { permissions: ['notifications'], origins: [] } as const;

export const needs = { catches: catching, findsMedia: media, notifies: notices } as const;
export type Feature = keyof typeof needs;
export type FeatureSwitches = Record<Feature, boolean>;

const features = Object.keys(needs) as Feature[];

/** Asks the user. Call from a click: browsers allow it only there. */
export function askFor(feature: Feature): Promise<boolean> {
  return chrome.permissions.request(copyOf(needs[feature]));
}

/** Features that are on without what they need: people may take it back in the browser's own settings. */
export async function strandedFeatures(switches: FeatureSwitches): Promise<Feature[]> {
  const on = features.filter((feature) => switches[feature]);
  const hasNeeds = await Promise.all(on.map((feature) => chrome.permissions.contains(copyOf(needs[feature]))));
  return on.filter((_, index) => !hasNeeds[index]);
}

/** Gives back what no feature that is on needs. */
export async function giveBack(switches: FeatureSwitches): Promise<void> {
  const kept = features.filter((feature) => switches[feature]).map((feature) => needs[feature]);
  const keptNames = new Set<string>(kept.flatMap(({ permissions }) => [...permissions]));
  const allNames = new Set(Object.values(needs).flatMap(({ permissions }) => [...permissions]));
  const permissions = [...allNames].filter((name) => !keptNames.has(name));
  const needsSites = kept.some(({ origins }) => origins.length > 0);
  await chrome.permissions.remove({ permissions, origins: needsSites ? [] : ['*://*/*'] }).catch(() => false);
}

function copyOf({ permissions, origins }: (typeof needs)[Feature]): chrome.permissions.Permissions {
  return { permissions: [...permissions], origins: [...origins] };
}
