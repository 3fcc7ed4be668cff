import { mergePatch, type Agent, type CoordinatorMetrics, type DrayClient, type HubEvent, type TopicMessage } from 'dray-client';

/** Who does the work, and the figures of the coordinator; live while somebody watches. */
export class Agents {
  /** By name; undefined before the hub told. */
  all = $state.raw<Agent[] | undefined>();
  counts = $state.raw<CoordinatorMetrics | undefined>();
  /** Why the hub does not tell. */
  failure = $state.raw<unknown>();

  constructor(private readonly client: DrayClient) {}

  get(name: string): Agent | undefined {
    return this.all?.find((agent) => agent.name === name);
  }

  /** Call the result to stop. */
  watch(): () => void {
    const stops = [
      this.client.subscribe('agents', (message) => this.take(message)),
      this.client.subscribe('coordinator', (message) => this.count(message)),
    ];
    return () => stops.forEach((stop) => stop());
  }

  private take(message: TopicMessage): void {
    if (message.kind === 'event') return this.apply(message.event);
    this.failure = message.kind === 'failed' ? message.error : undefined;
    if (message.kind === 'snapshot') this.all = message.ack['agents'] as Agent[];
  }

  /** One that was not known comes whole, as a patch. */
  private apply({ id, patch }: HubEvent): void {
    const agent = mergePatch(this.get(id ?? '') ?? {}, patch) as Agent;
    const rest = (this.all ?? []).filter(({ name }) => name !== id);
    this.all = [...rest, agent].sort((a, b) => a.name.localeCompare(b.name));
  }

  private count(message: TopicMessage): void {
    if (message.kind === 'snapshot') this.counts = message.ack['metrics'] as CoordinatorMetrics;
    if (message.kind === 'event') this.counts = message.event.patch as unknown as CoordinatorMetrics;
  }
}
