import type { server as english } from '../en/server.js';
import type { Words } from '../table.js';

/** Arabic: the server's figures. */
export const server: Words<typeof english> = {
  loading: 'جارٍ سؤال الخادم…',
  speed: 'التنزيل',
  connections: 'الاتصالات',
  messages: 'رسائل مرسلة كل ثانية',
  bytes: 'مرسل كل ثانية',
  figures: 'كل الأرقام',
};
