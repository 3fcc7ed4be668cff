import { mergePatch, type DrayClient, type HubEvent, type Params, type TopicMessage, type Workflow, type WorkflowPage } from 'dray-client';
import { SvelteMap } from 'svelte/reactivity';

export type WorkflowVerb = 'pause' | 'resume' | 'cancel' | 'retry' | 'remove';

const numberOf = (id: string) => Number(id.slice(1));

/** The workflows of the hub, live while somebody watches: the latest page of them, and older ones as asked for. */
export class Workflows {
  /** False before the hub told. */
  isKnown = $state(false);
  /** There are older ones than those here. */
  hasMore = $state(false);

  private readonly byId = new SvelteMap<string, Workflow>();
  private next: string | undefined;

  /** Ids, the latest first. The same list as long as none comes or goes: there may be ten thousand. */
  order = $state.raw<readonly string[]>([]);

  constructor(private readonly client: DrayClient) {}

  get(id: string): Workflow | undefined {
    return this.byId.get(id);
  }

  /** Call the result to stop. */
  watch(): () => void {
    return this.client.subscribe('workflows', (message) => this.take(message));
  }

  async showOlder(): Promise<void> {
    this.addPage(await this.client.call<WorkflowPage>('workflow.list', this.next === undefined ? {} : { before: this.next }));
  }

  /** One that may be older than those here; rejects with DrayError. */
  async fetch(id: string): Promise<void> {
    this.put((await this.client.call<{ workflow: Workflow }>('workflow.get', { workflow: id })).workflow);
  }

  /** Answers when the hub has it on disk; rejects with DrayError. `file` is what a workflow file holds. */
  async add(file: Params): Promise<Workflow> {
    const { workflow } = await this.client.call<{ workflow: Workflow }>('workflow.add', file);
    this.put(workflow);
    return workflow;
  }

  /** Rejects with DrayError. `step` is for `retry`, which without it tries all that failed. */
  async command(verb: WorkflowVerb, id: string, step?: string): Promise<void> {
    await this.client.call(`workflow.${verb}`, { workflow: id, ...(step !== undefined && { step }) });
  }

  private take(message: TopicMessage): void {
    if (message.kind === 'event') return this.apply(message.event);
    if (message.kind === 'progress') return;
    if (message.kind === 'failed') return void this.showOlder().catch(() => undefined);
    this.byId.clear();
    this.order = [];
    this.addPage(message.ack as unknown as WorkflowPage);
  }

  private addPage({ workflows, next }: WorkflowPage): void {
    for (const workflow of workflows) this.keep(workflow);
    this.sort();
    this.next = next;
    this.hasMore = next !== undefined;
    this.isKnown = true;
  }

  private put(workflow: Workflow): void {
    const isOther = !this.byId.has(workflow.id);
    this.keep(workflow);
    if (isOther) this.sort();
  }

  private keep(workflow: Workflow): void {
    const known = this.byId.get(workflow.id);
    if (!known || workflow.rev > known.rev) this.byId.set(workflow.id, workflow);
  }

  private sort(): void {
    this.order = [...this.byId.keys()].sort((a, b) => numberOf(b) - numberOf(a));
  }

  private apply(event: HubEvent): void {
    const id = event.id ?? '';
    if (event.type === 'workflow.removed') {
      this.byId.delete(id);
      this.order = this.order.filter((other) => other !== id);
      return;
    }
    if (event.object) return this.put(event.object as unknown as Workflow);
    const known = this.byId.get(id);
    if (!known || !event.patch || (event.rev ?? 0) <= known.rev) return;
    this.byId.set(id, { ...(mergePatch(known, event.patch) as Workflow), rev: event.rev ?? known.rev });
  }
}
