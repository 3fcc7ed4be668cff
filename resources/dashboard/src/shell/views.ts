import type { Component } from 'svelte';
import AgentsView from '../agents/AgentsView.svelte';
import DrivesView from '../drives/DrivesView.svelte';
import HistoryView from '../history/HistoryView.svelte';
import type { Hub } from '../hub.svelte.js';
import JobsView from '../jobs/JobsView.svelte';
import type { IconName } from '../../../shared/icons.js';
import ServerView from '../server/ServerView.svelte';
import SettingsView from '../settings/SettingsView.svelte';
import type { text } from '../text/words.js';
import WorkflowsView from '../workflows/WorkflowsView.svelte';
import type { Route } from './route.svelte.js';

export type ViewName = keyof typeof text.views;

export interface View {
  icon: IconName;
  component: Component<{ hub: Hub; route: Route }>;
}

/** In the order of the navigation. */
export const views: Record<ViewName, View> = {
  jobs: { icon: 'list', component: JobsView },
  drives: { icon: 'drive', component: DrivesView },
  workflows: { icon: 'workflow', component: WorkflowsView },
  agents: { icon: 'agent', component: AgentsView },
  history: { icon: 'history', component: HistoryView },
  settings: { icon: 'settings', component: SettingsView },
  server: { icon: 'server', component: ServerView },
};

export const viewNames = Object.keys(views) as ViewName[];
