import type { Workflow } from 'dray-client';
import type { Hub } from '../hub.svelte.js';
import { failureText } from '../text/jobtext.js';
import type { WorkflowVerb } from './workflows.svelte.js';

/** Does it, or tells above the view why not. */
export async function order(hub: Hub, verb: WorkflowVerb, { id, title }: Workflow, step?: string): Promise<void> {
  hub.failure = '';
  await hub.workflows.command(verb, id, step).catch((error: unknown) => (hub.failure = `${title}: ${failureText(error)}`));
}
