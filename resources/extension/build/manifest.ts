export type Browser = 'chromium' | 'firefox';

/** Public half of a key whose private half does not exist: it gives the unpacked folder the same id everywhere. */
const chromiumKey =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqy9ZDMK8EchuoBD6UkEJrNT41Cf0AGf9eXTYwKkoB5DN1xr/e62JnEQ5' +
  'r+Gxgcpv1LxOd0PPvBfKNlaeHAPz8R/PaAzMCx8eh3bEIAHKQmZtmfHy/pJ83UXBrw3L6zrkwJDrRPZE0spHB+73cK318CJ87Qnq' +
  'vsCelObJw0Fi/CiuJZNwFQJxuBru8NdBIY6qVzWjZeMZTTwo1Fc2yIwa7lRyksS2BxrllBykDGFlZ5jumi/5tQlmTXAWzL9SLa9V' +
  'WkLtm+wAwr+Mlei97ZmwXRjepgnM/5YN8OdoN/wV6o6t86/SBO3aVWW89LNmjDeKG9+xaT7qKggyIh+AxokVowIDAQAB';
const firefoxId = '{6a1c3e0e-52b5-4b0f-9d3d-0d1a7e5c8f21}';

/** `ws:` is named because the default policy of Firefox turns it into `wss:`. A remote hub must speak TLS. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  'connect-src http://127.0.0.1:* ws://127.0.0.1:* http://localhost:* ws://localhost:* https: wss:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const icons = Object.fromEntries([16, 32, 48, 128].map((size) => [size, `icons/${size}.png`]));

/** What both browsers are told. Whatever one feature alone needs is optional: it is asked for when that is switched on. */
function common(version: string): Record<string, unknown> {
  return {
    manifest_version: 3,
    name: 'Dray',
    version,
    description: '__MSG_description__',
    default_locale: 'en',
    icons,
    permissions: ['activeTab', 'alarms', 'contextMenus', 'scripting', 'storage'],
    optional_permissions: ['cookies', 'downloads', 'notifications', 'webRequest'],
    host_permissions: ['http://127.0.0.1/*'],
    optional_host_permissions: ['*://*/*'],
    action: { default_popup: 'popup.html', default_title: 'Dray', default_icon: icons },
    options_ui: { page: 'options.html', open_in_tab: true },
    commands: { _execute_action: { suggested_key: { default: 'Alt+Shift+D' } } },
    content_security_policy: { extension_pages: policy },
  };
}

export function manifestFor(browser: Browser, version: string): Record<string, unknown> {
  if (browser === 'chromium')
    return {
      ...common(version),
      key: chromiumKey,
      minimum_chrome_version: '120',
      background: { service_worker: 'worker.js', type: 'module' },
    };
  return {
    ...common(version),
    background: { scripts: ['worker.js'], type: 'module' },
    browser_specific_settings: {
      gecko: { id: firefoxId, strict_min_version: '128.0', data_collection_permissions: { required: ['none'] } },
    },
  };
}
