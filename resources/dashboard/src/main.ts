import { getDrayClient } from 'dray-client';
import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { Hub } from './hub.svelte.js';
import { Route } from './shell/route.svelte.js';
import { showTheme, themeStore } from './shell/theme.js';
import { viewNames } from './shell/views.js';
import { takeLoginToken, tokenStore } from './signin/login.js';
import { language, languages } from './text/language.js';

document.documentElement.lang = language;
document.documentElement.dir = languages[language].dir;
showTheme(themeStore.read());

const oneTime = takeLoginToken(location, history);
const client = getDrayClient({ autoConnect: false, name: 'dashboard', kind: 'dashboard' });
const hub = new Hub(client);
const route = new Route(viewNames, location);
const target = document.getElementById('app');
if (target) mount(App, { target, props: { hub, route, oneTime, token: tokenStore.read() } });
