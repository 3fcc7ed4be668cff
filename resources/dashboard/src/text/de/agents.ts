import type { agents as english } from '../en/agents.js';
import type { Words } from '../table.js';

/** German: agents. */
export const agents: Words<typeof english> = {
  none: 'Kein Agent ist bekannt.',
  loading: 'Die Agenten werden geholt…',
  caption: 'Agenten',
  columnName: 'Agent',
  columnStatus: 'Status',
  columnSkills: 'Kann',
  columnJob: 'Auftrag',
  columnMessages: 'Nachrichten',
  columnErrors: 'Fehler',
  columnAverage: 'Im Schnitt',
  statuses: { idle: 'Frei', busy: 'Beschäftigt', error: 'Letzte Arbeit fehlgeschlagen', offline: 'Offline' },
  healthy: 'gesund',
  unhealthy: 'nicht gesund',
  figures: 'Koordinator',
  counts: {
    registeredAgents: 'Verbundene Agenten', healthyAgents: 'davon gesund', activeWorkflows: 'Laufende Abläufe',
    totalWorkflows: 'Abläufe', totalMessages: 'Nachrichten',
  },
  gone: 'Einen Agenten dieses Namens gibt es nicht.',
  throughput: 'Beendete Arbeiten je Minute',
  messages: 'Nachrichten je Minute',
  errorRate: 'Anteil der Fehlschläge',
  most: (count) => `höchstens ${count}`,
  ofHour: (percent) => `${percent} der Stunde`,
  details: (name) => `${name}, die letzte Stunde`,
};
