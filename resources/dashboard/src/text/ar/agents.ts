import { apart } from '../apart.js';
import type { agents as english } from '../en/agents.js';
import type { Words } from '../table.js';

/** Arabic: agents. */
export const agents: Words<typeof english> = {
  none: 'لا وكيل معروفًا.',
  loading: 'جارٍ جلب الوكلاء…',
  caption: 'الوكلاء',
  columnName: 'الوكيل',
  columnStatus: 'الحالة',
  columnSkills: 'ما يستطيعه',
  columnJob: 'المهمة',
  columnMessages: 'الرسائل',
  columnErrors: 'الأخطاء',
  columnAverage: 'المتوسط',
  statuses: { idle: 'متفرغ', busy: 'مشغول', error: 'تعثّر آخر عمل له', offline: 'غير متصل' },
  healthy: 'سليم',
  unhealthy: 'غير سليم',
  figures: 'المنسّق',
  counts: {
    registeredAgents: 'وكلاء متصلون', healthyAgents: 'السليم منهم', activeWorkflows: 'مسارات عمل جارية',
    totalWorkflows: 'مسارات العمل', totalMessages: 'الرسائل',
  },
  gone: 'لا وكيل بهذا الاسم.',
  throughput: 'أعمال انتهت كل دقيقة',
  messages: 'رسائل كل دقيقة',
  errorRate: 'نسبة ما تعثّر',
  most: (count) => `أقصاها ${apart(count)}`,
  ofHour: (percent) => `${percent} من الساعة`,
  details: (name) => `${apart(name)}، الساعة الأخيرة`,
};
