import { apart } from '../apart.js';
import type { access as english } from '../en/access.js';
import type { Words } from '../table.js';

/** Arabic: tokens and pairing. */
export const access: Words<typeof english> = {
  title: 'من يُسمح له بالدخول',
  mayNot: `لا يحق لهذا الدخول رؤية من سُمح لهم غيره. نفّذ ${apart('drayctl token list')} على الحاسوب، أو ادخل برمز له الصلاحية ${apart('admin')}.`,
  none: 'لا أحد سوى برامج الحاسوب نفسه.',
  caption: 'رموز الدخول',
  name: 'الاسم',
  scopes: 'يحق له',
  lastUsed: 'آخر استخدام',
  expires: 'ينتهي',
  never: 'أبدًا',
  revoke: 'إبطال',
  revokeTitle: 'إبطال رمز الدخول هذا؟',
  revokeHint: (name) => `يخرج ${apart(name)} فورًا ولا يستطيع العودة به.`,
  revokeYes: 'إبطال',
  revokeNo: 'إبقاء',
  newName: 'اسم رمز دخول جديد',
  make: 'إنشاء رمز دخول',
  made: (name) => `رمز دخول ${apart(name)}. يُعرض هذه المرة فقط:`,
  waitingHint: (name, code) => `يعرض ${apart(name)} الرمز ${apart(code)}.`,
  accept: 'السماح بالدخول',
  refuse: 'المنع',
  scopeNames: {
    read: 'الرؤية', control: 'الإيقاف والإلغاء', add: 'الإضافة', report: 'الإبلاغ', settings: 'الإعدادات', flash: 'كتابة الأقراص', admin: 'كل شيء',
  },
};
