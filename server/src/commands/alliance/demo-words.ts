import type { FreeText, Language } from '@bronze-drum/protocol/languages';

/** In which language a member's officers write. */
const languageOf: Readonly<Record<string, Language>> = {
  cn: 'zh',
  kh: 'km',
  la: 'lo',
  mm: 'my',
  th: 'th',
  vn: 'vi',
};

type Phrases = Readonly<Record<Language, string>>;

/** “Received; we are at work on it.” */
const acknowledged: Phrases = {
  en: 'Received. We are at work on it.',
  zh: '来函收悉，正在办理。',
  km: 'យើងខ្ញុំបានទទួលសំណើនេះហើយ និងកំពុងចាត់ចែង។',
  lo: 'ພວກເຮົາໄດ້ຮັບຄຳຮ້ອງນີ້ແລ້ວ ແລະ ກຳລັງດຳເນີນການ.',
  my: 'ဤတောင်းခံချက်ကို လက်ခံရရှိပြီး ဆောင်ရွက်နေပါသည်။',
  th: 'ได้รับคำขอนี้แล้ว และกำลังดำเนินการ',
  vi: 'Chúng tôi đã nhận được yêu cầu này và đang xử lý.',
};

/** “What else do you know of this account?” */
const question: Phrases = {
  en: 'What else do you know of this account?',
  zh: '贵方是否掌握该账户的其他情况？',
  km: 'តើលោកអ្នកដឹងអ្វីទៀតអំពីគណនីនេះ?',
  lo: 'ທ່ານຮູ້ຫຍັງອີກກ່ຽວກັບບັນຊີນີ້?',
  my: 'ဤစာရင်းနှင့်ပတ်သက်၍ အခြားမည်သည်တို့ကို သိရှိပါသနည်း။',
  th: 'ท่านมีข้อมูลอื่นเกี่ยวกับบัญชีนี้หรือไม่',
  vi: 'Quý cơ quan có thông tin nào khác về tài khoản này không?',
};

/** “It is listed here. Its bank has been told.” */
const informed: Phrases = {
  en: 'It is listed here. Its bank has been told.',
  zh: '该账户已列入我方名单，并已通知开户银行。',
  km: 'គណនីនេះមានក្នុងបញ្ជីរបស់យើង ហើយធនាគាររបស់វាត្រូវបានជូនដំណឹង។',
  lo: 'ບັນຊີນີ້ຢູ່ໃນລາຍຊື່ຂອງພວກເຮົາ ແລະ ໄດ້ແຈ້ງໃຫ້ທະນາຄານແລ້ວ.',
  my: 'ဤစာရင်းသည် ကျွန်ုပ်တို့၏စာရင်းတွင် ပါရှိပြီး ဘဏ်ကို အကြောင်းကြားပြီးဖြစ်သည်။',
  th: 'บัญชีนี้อยู่ในรายชื่อของเราแล้ว และได้แจ้งธนาคารแล้ว',
  vi: 'Tài khoản này đã có trong danh sách của chúng tôi và ngân hàng đã được thông báo.',
};

/** “Until the victim’s bank has called back.” */
const untilCalledBack: Phrases = {
  en: 'Until the victim’s bank has called back',
  zh: '至被害人开户银行回电为止',
  km: 'រហូតដល់ធនាគាររបស់ជនរងគ្រោះហៅមកវិញ',
  lo: 'ຈົນກວ່າທະນາຄານຂອງຜູ້ເສຍຫາຍຈະໂທກັບມາ',
  my: 'နစ်နာသူ၏ဘဏ်က ပြန်လည်ဆက်သွယ်သည်အထိ',
  th: 'จนกว่าธนาคารของผู้เสียหายจะโทรกลับ',
  vi: 'Cho đến khi ngân hàng của bị hại gọi lại',
};

/** “They told me to pay, and I did.” */
const victimStory: Phrases = {
  en: 'They told me to pay at once, and I did.',
  zh: '对方催我马上转账，我就转了。',
  km: 'គេប្រាប់ខ្ញុំឱ្យបង់ប្រាក់ភ្លាមៗ ហើយខ្ញុំក៏បង់។',
  lo: 'ເຂົາເຈົ້າບອກໃຫ້ຂ້ອຍຈ່າຍເງິນທັນທີ ແລະ ຂ້ອຍກໍ່ໄດ້ຈ່າຍ.',
  my: 'ချက်ချင်းငွေပေးရန် ပြောသဖြင့် ကျွန်ုပ် ပေးမိပါသည်။',
  th: 'เขาบอกให้รีบจ่ายเงินทันที ดิฉันก็จ่ายไป',
  vi: 'Họ bảo tôi phải chuyển tiền ngay và tôi đã chuyển.',
};

const phrases = { acknowledged, question, informed, untilCalledBack, victimStory };

/** What a member's officers write, in their own language. */
export function saidBy(member: string, what: keyof typeof phrases): FreeText {
  const language = languageOf[member] ?? 'en';
  return { language, text: phrases[what][language] };
}
