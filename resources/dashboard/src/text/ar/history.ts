import { apart } from '../apart.js';
import type { history as english } from '../en/history.js';
import type { Words } from '../table.js';
import { counted } from './counted.js';

/** Arabic: history. */
export const history: Words<typeof english> = {
  none: 'لم ينتهِ شيء بعد.',
  noneHint: 'يُحفظ هنا ما ينتهي، حتى بعد خروجه من قائمة المهام.',
  loading: 'جارٍ جلب السجل…',
  caption: 'ما انتهى، الأحدث أولًا',
  columnWhat: 'ماذا',
  columnVerdict: 'كيف انتهى',
  columnBytes: 'الحجم',
  columnSpeed: 'الكتابة، الفحص',
  columnWhen: 'متى',
  verdicts: { succeeded: 'انتهى', failed: 'تعثّر', canceled: 'أُلغي', verified: 'تم التحقق', unverified: 'دون تحقق' },
  onDrive: (drive) => `على ${apart(drive)}`,
  rewrites: (count) => counted(count, {
    zero: 'لم يُكتب أي موضع مرة أخرى', one: 'كُتب موضع واحد مرة أخرى', two: 'كُتب موضعان مرة أخرى', few: `كُتبت ${count} مواضع مرة أخرى`,
    many: `كُتب ${count} موضعًا مرة أخرى`, other: `كُتب ${count} موضع مرة أخرى`,
  }),
  more: 'عرض الأقدم',
  totals: (count, bytes) => counted(count, {
    zero: 'لا شيء معروضًا', one: `عمل واحد معروض، ${bytes}`, two: `عملان معروضان، ${bytes} معًا`, few: `${count} أعمال معروضة، ${bytes} معًا`,
    many: `${count} عملًا معروضًا، ${bytes} معًا`, other: `${count} عمل معروض، ${bytes} معًا`,
  }),
};
