import type { Component } from 'svelte';
import DrivesView from '../drives/DrivesView.svelte';
import type { Hub } from '../hub.svelte.js';
import JobsView from '../jobs/JobsView.svelte';
import type { IconName } from '../../../shared/icons.js';
import type { text } from '../text/words.js';
import WorkflowsView from '../workflows/WorkflowsView.svelte';
import type { Route } from './route.svelte.js';

export type ViewName = keyof typeof text.views;

export type ViewComponent = Component<{ hub: Hub; route: Route }>;

/** What is looked at less is fetched when it is. */
export interface View {
  icon: IconName;
  component?: ViewComponent;
  load?: () => Promise<{ default: ViewComponent }>;
}

/** In the order of the navigation. */
export const views: Record<ViewName, View> = {
  jobs: { icon: 'list', component: JobsView },
  drives: { icon: 'drive', component: DrivesView },
  workflows: { icon: 'workflow', component: WorkflowsView },
  agents: { icon: 'agent', load: () => import('../agents/AgentsView.svelte') },
  history: { icon: 'history', load: () => import('../history/HistoryView.svelte') },
  settings: { icon: 'settings', load: () => import('../settings/SettingsView.svelte') },
  server: { icon: 'server', load: () => import('../server/ServerView.svelte') },
};

export const viewNames = Object.keys(views) as ViewName[];
