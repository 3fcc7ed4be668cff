import { getDrayClient } from 'dray-client';
import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { Hub } from './hub.svelte.js';
import { takeLoginToken, tokenStore } from './login.js';

const oneTime = takeLoginToken(location, history);
const client = getDrayClient({ autoConnect: false, name: 'dashboard', kind: 'dashboard' });
const hub = new Hub(client);
const target = document.getElementById('app');
if (target) mount(App, { target, props: { hub, oneTime, token: tokenStore.read() } });
