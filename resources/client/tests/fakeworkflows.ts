import { mergePatch } from '../src/mergepatch.js';
import { isFinal, type Agent, type AgentPoint, type CoordinatorMetrics, type HubEvent, type JobState, type Params, type Workflow, type WorkflowStep } from '../src/protocol.js';

type Publish = (event: Omit<HubEvent, 'seq' | 'prev' | 'time'>) => void;

const notFound = { code: -32003, message: 'Not found', data: { type: 'notFound' } };
const invalidState = { code: -32004, message: 'Not possible in this state', data: { type: 'invalidState' } };

/** The workflows of a FakeHub. Nothing of them runs: tests change them. */
export class FakeWorkflows {
  readonly all = new Map<string, Workflow>();
  private nextId = 1;

  constructor(private readonly publish: Publish) {}

  add(title: string, steps: (Pick<WorkflowStep, 'name' | 'kind'> & Partial<WorkflowStep>)[], fields: Partial<Workflow> = {}): Workflow {
    const id = `w${this.nextId++}`;
    const full = steps.map((step) => ({ state: 'queued' as const, progress: 0, needs: [], ...step }));
    const workflow: Workflow = { id, title, owner: 'local', state: 'queued', progress: 0, stage: full[0]?.name ?? '', stageIndex: 1,
      stageCount: full.length, message: '', steps: full, attempt: 1, createdAt: 1, rev: 1, ...fields };
    this.all.set(id, workflow);
    this.publish({ topic: `workflow:${id}`, type: 'workflow.added', id, rev: 1, object: { ...workflow } });
    return workflow;
  }

  change(id: string, patch: Params): Workflow {
    const before = this.need(id);
    const rev = before.rev + 1;
    const workflow = { ...(mergePatch(before as unknown as Params, patch) as unknown as Workflow), rev };
    this.all.set(id, workflow);
    this.publish({ topic: `workflow:${id}`, type: 'workflow.changed', id, rev, patch });
    return workflow;
  }

  /** One step of it, and how far the whole is. */
  step(id: string, name: string, fields: Partial<WorkflowStep>, patch: Params = {}): Workflow {
    const steps = this.need(id).steps.map((step) => (step.name === name ? { ...step, ...fields } : step));
    return this.change(id, { steps, ...patch });
  }

  remove(id: string): void {
    this.all.delete(id);
    this.publish({ topic: `workflow:${id}`, type: 'workflow.removed', id });
  }

  /** The latest first. */
  page(size: number, before = 'w999999'): { workflows: Workflow[]; next?: string } {
    const number = (id: string) => Number(id.slice(1));
    const rest = [...this.all.values()].filter(({ id }) => number(id) < number(before)).sort((a, b) => number(b.id) - number(a.id));
    const workflows = rest.slice(0, size);
    const last = workflows.at(-1);
    return rest.length > workflows.length && last ? { workflows, next: last.id } : { workflows };
  }

  command(method: string, params: Params): Params | undefined {
    const id = String(params['workflow']);
    if (method === 'workflow.add') return { workflow: this.add(String(params['title'] ?? 'Workflow'), params['steps'] as WorkflowStep[]) };
    if (method === 'workflow.list') return this.page(1000, params['before'] as string | undefined);
    const states: Record<string, JobState> = { pause: 'paused', resume: 'running', cancel: 'canceled', retry: 'queued' };
    const verb = method.startsWith('workflow.') ? method.slice(9) : '';
    if (verb === 'get') return { workflow: this.need(id) };
    if (verb === 'remove') return this.remove(id), {};
    const state = states[verb];
    if (state === undefined) return undefined;
    if (isFinal(this.need(id).state) !== (verb === 'retry')) throw invalidState;
    return { workflow: this.change(id, { state }) };
  }

  private need(id: string): Workflow {
    const workflow = this.all.get(id);
    if (!workflow) throw notFound;
    return workflow;
  }
}

/** The agents of a FakeHub and what its coordinator counts. */
export class FakeAgents {
  all: Agent[] = [];
  history: AgentPoint[] = [];
  counts: CoordinatorMetrics = { totalMessages: 0, totalWorkflows: 0, registeredAgents: 0, healthyAgents: 0, activeWorkflows: 0 };

  constructor(private readonly publish: Publish) {}

  /** An agent that was not known comes whole. */
  put(agent: Agent): void {
    this.all = [...this.all.filter(({ name }) => name !== agent.name), agent].sort((a, b) => a.name.localeCompare(b.name));
    this.publish({ topic: `agent:${agent.name}`, type: 'agent.changed', id: agent.name, patch: { ...agent } });
  }

  change(name: string, patch: Params): void {
    this.all = this.all.map((agent) => (agent.name === name ? (mergePatch(agent as unknown as Params, patch) as unknown as Agent) : agent));
    this.publish({ topic: `agent:${name}`, type: 'agent.changed', id: name, patch });
  }

  count(counts: CoordinatorMetrics): void {
    this.counts = counts;
    this.publish({ topic: 'coordinator', type: 'coordinator.changed', id: 'coordinator', patch: { ...counts } });
  }

  command(method: string, params: Params): Params | undefined {
    if (method === 'agent.list') return { agents: this.all };
    if (method !== 'agent.get') return undefined;
    const agent = this.all.find(({ name }) => name === params['agent']);
    if (!agent) throw notFound;
    return { agent, history: this.history };
  }
}
