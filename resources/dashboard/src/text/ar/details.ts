import { counted } from './counted.js';
import type { details as english } from '../en/details.js';
import type { Words } from '../table.js';

/** Arabic: the details of a job. */
export const details: Words<typeof english> = {
  source: 'المصدر',
  message: 'رسالة',
  steps: 'الخطوات',
  target: 'الملف',
  sha256: 'SHA-256',
  checksum: 'المجموع الاختباري المتوقع',
  mirrorsShort: 'مرايا',
  headersShort: 'ترويسات',
  userName: 'اسم المستخدم',
  error: 'خطأ',
  added: 'أُضيفت',
  started: 'بدأت',
  finished: 'انتهت',
  startsAt: 'تبدأ في',
  stopsAt: 'تتوقف في',
  attempt: 'المحاولة',
  number: 'مهمة',
  kind: 'النوع',
  owner: 'المالك',
  copy: 'نسخ',
  copied: 'نُسخ',
  segments: 'أجزاء الملف',
  segmentsText: (done, count) => counted(count, {
    zero: `وصل ${done}`, one: `وصل ${done}، في جزء واحد`, two: `وصل ${done}، في جزأين`, few: `وصل ${done}، في ${count} أجزاء`,
    many: `وصل ${done}، في ${count} جزءًا`, other: `وصل ${done}، في ${count} جزء`,
  }),
  speedTitle: 'السرعة في آخر دقيقتين',
  speedNow: (speed, most) => `${speed}، وأقصاها ${most}`,
  logTitle: 'ما حدث',
  logEmpty: 'لا شيء بعد.',
  logAdded: 'أُضيفت',
  logStarted: 'بدأت',
  logAttempt: (attempt) => `المحاولة ${attempt}`,
};
