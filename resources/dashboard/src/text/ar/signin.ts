import { apart } from '../apart.js';
import type { signin as english } from '../en/signin.js';
import type { Words } from '../table.js';

/** Arabic: signing in. */
export const signin: Words<typeof english> = {
  signInTitle: 'تسجيل الدخول',
  signInHint: 'افتح هذه الصفحة من نافذة Dray فيُسجَّل دخولك. ومن مكان آخر ألصق رمز دخول؛ هذا الأمر ينشئ واحدًا:',
  signInCommand: 'drayctl token add NAME',
  signInField: 'رمز الدخول',
  signInButton: 'دخول',
  signInWorking: 'جارٍ تسجيل الدخول…',
  signInRefused: 'لا يعرف Dray هذا الرمز، أو انتهت مدته أو أُبطل.',
  signInLinkRefused: 'استُخدم رابط الدخول هذا من قبل أو مضت عليه أكثر من دقيقة. افتح الصفحة من Dray مرة أخرى.',
  signInNoHub: 'لا يجيب Dray. هل ما زال يعمل؟',
  pairTitle: 'طلب السماح بالدخول',
  pairHint: 'أو اطلب ممن يجلس أمام الحاسوب الذي يعمل عليه Dray:',
  pairAsk: 'طلب السماح بالدخول',
  pairWaiting: `تسأل نافذة Dray عن هذه الصفحة. اسمح لها هناك إذا ظهر الرمز نفسه؛ ومن دون نافذة استخدم ${apart('drayctl pair')}.`,
  pairCancel: 'عدم الطلب',
  pairName: (browser) => `صفحة في ${apart(browser)}`,
  pairingFailures: {
    refused: 'لم يُسمح لهذه الصفحة بالدخول.',
    late: 'لم يجب أحد عند الحاسوب. اطلب مرة أخرى حين يكون أحد هناك.',
    tooOften: 'كثرت الطلبات في الدقائق العشر الأخيرة. حاول لاحقًا.',
    failed: 'تعذّر على Dray السماح لهذه الصفحة. اطلب مرة أخرى.',
    unreachable: 'لا يجيب Dray. هل ما زال يعمل؟',
  },
  signOut: 'تسجيل الخروج',
};
