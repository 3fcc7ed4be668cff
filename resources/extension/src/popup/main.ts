import { mount } from 'svelte';
import '../../../dashboard/src/app.css';
import '../shared/controls.css';
import { uiLanguage } from '../shared/words.js';
import App from './App.svelte';

document.documentElement.lang = uiLanguage();
mount(App, { target: document.getElementById('app') as HTMLElement });
