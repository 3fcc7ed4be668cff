import { apart } from '../apart.js';
import type { page as english } from '../en/page.js';
import type { Words } from '../table.js';
import { counted } from './counted.js';

/** Arabic: the frame of the page and its connection. */
export const page: Words<typeof english> = {
  product: 'Dray',
  views: { jobs: 'المهام', drives: 'الأقراص', workflows: 'مسارات العمل', agents: 'الوكلاء', history: 'السجل', settings: 'الإعدادات', server: 'الخادم' },
  viewsLabel: 'أقسام الصفحة',
  skip: 'انتقل إلى المحتوى',
  comma: '، ',
  units: { second: 'ث', minute: 'د', hour: 'س', day: 'ي' },

  statuses: {
    connecting: 'جارٍ الاتصال', connected: 'مباشر', catchingUp: 'جارٍ اللحاق', polling: 'استعلام دوري', offline: 'غير متصل', unauthorized: 'لم يُسجَّل الدخول',
  },
  offlineSince: (clock) => `غير متصل منذ ${apart(clock)}`,
  statusHints: {
    connecting: 'جارٍ البحث عن Dray.',
    connected: 'ما تراه هو ما يحدث الآن.',
    catchingUp: 'يُجلب ما حدث في هذه الأثناء.',
    polling: 'اتصالات WebSocket محجوبة في الطريق؛ تصل الأرقام متأخرة قليلًا.',
    offline: 'لا اتصال مع Dray.',
    unauthorized: 'لا يعرف Dray من أنت.',
  },
  unreachable: 'تعذّر الوصول إلى Dray.',
  offlineNotice: (clock) => `غير متصل منذ ${apart(clock)}. ما تراه هو ما كان عليه الحال حينها.`,
  nextTry: (seconds) => (seconds > 0 ? counted(seconds, {
    zero: 'جارٍ المحاولة…', one: 'المحاولة التالية بعد ثانية.', two: 'المحاولة التالية بعد ثانيتين.', few: `المحاولة التالية بعد ${seconds} ثوانٍ.`,
    many: `المحاولة التالية بعد ${seconds} ثانية.`, other: `المحاولة التالية بعد ${seconds} ثانية.`,
  }) : 'جارٍ المحاولة…'),
};
