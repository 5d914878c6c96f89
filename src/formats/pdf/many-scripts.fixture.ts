import type { Transcript, TranscriptMessage, TranscriptStyle } from '../documents/transcript.ts';

/** Texts of the golden document, by what is hard about them. */
export const TEXTS = {
  latin: 'Zażółć gęślą jaźń — naïve façade, “quoted”, Ελληνικά, Кириллица, tiếng Việt.',
  chinese: '您好，我的订单还没有到。直接发送到北京的地址，谢谢！',
  japanese: 'こんにちは。直接、骨董品の返品をお願いします。カタカナもあります。',
  korean: '안녕하세요. 환불 절차를 알려 주세요. 감사합니다!',
  arabic: 'مرحبا، أريد استرداد المبلغ للطلب رقم 12345 من فضلكم.',
  arabicMarks: 'بِسْمِ اللَّهِ الرَّحْمَٰنِ الرَّحِيمِ',
  hebrew: 'שלום, ההזמנה שלי 98765 לא הגיעה. תודה רבה!',
  devanagari: 'नमस्ते, कृपया मेरा क्षत्रिय ऑर्डर रद्द करें। धन्यवाद।',
  thai: 'สวัสดีครับ ผมต้องการขอเงินคืนสำหรับคำสั่งซื้อนี้ ขอบคุณที่ช่วยเหลือ',
  bengali: 'নমস্কার, আমার অর্ডার কোথায়? ধন্যবাদ।',
  tamil: 'வணக்கம், என் ஆர்டர் எங்கே? நன்றி.',
  emoji: 'Family 👨‍👩‍👧‍👦, flags 🇩🇪 🇯🇵 🏴󠁧󠁢󠁥󠁮󠁧󠁿, skin 👍🏽 👩🏿‍💻, heart ❤️, keycap 1️⃣, face 😀.',
  symbols: 'Arrows → ⇒, maths ∑ √ ≤, boxes ☑ ☐, stars ★ ☆, notes ♪, chess ♞.',
  mixed:
    'The word שלום means hello, and مرحبا too (really).\nקוד ABC-123 נשלח אל me@example.com היום.\nBack to English.',
  code: 'function add(a, b) {\n  return a + b; // #let x = $y$ *bold* _it_ @ref <label> \\ `raw`\n}\n\tif (true) {}',
  longWord: `start ${'Pneumono'.repeat(750)} end`,
  longUrl: `https://example.com/${'path/'.repeat(60)}?q=${'a1b2'.repeat(40)}`,
  unknown: 'Egypt 𓀀, private \ue000, bell \u0007, and a mark on a letter: a\u{1d165}.',
} as const;

/** Every kind of thing that a transcript can show, in many scripts. */
export const manyScripts: Transcript = {
  id: 'conv-1',
  title: 'Refund for order 12345 · 返金について · استرداد',
  facts: [
    { label: 'Channel', value: 'email' },
    { label: 'Status', value: 'resolved' },
    { label: 'Customer', value: 'Łukasz Żółć, 山田太郎, محمد علي' },
    { label: 'Tags', value: 'refund, vip, 退款' },
  ],
  volume: 1,
  entries: [
    ...Object.values(TEXTS).map((body, index) =>
      message(index, {
        author: ['Anna Berg', 'Support bot', 'دانيال', '山田 太郎'][index % 4]!,
        role: (['contact', 'bot', 'teammate'] as const)[index % 3]!,
        body,
      }),
    ),
    {
      kind: 'event',
      at: '2026-03-05T14:30:00.000Z',
      text: 'Assigned to Dana',
      actor: 'Routing',
      reason: 'vip',
    },
    message(30, {
      author: 'Dana',
      role: 'teammate',
      isInternal: true,
      body: 'Third refund this year: check first.',
    }),
    message(31, {
      author: 'Support bot',
      role: 'bot',
      body: 'Refunds take five days [1].',
      editedAt: '2026-03-05T15:00:00.000Z',
      citations: [
        { title: 'Refund policy', url: 'https://example.com/refunds', quote: 'within five working days' },
        { title: 'Not a link', url: 'javascript:alert(1)' },
      ],
      files: [
        {
          name: 'receipt-領収書.pdf',
          mediaType: 'application/pdf',
          bytes: 48_213,
          path: 'files/receipt.pdf',
        },
        { name: 'nothing-known' },
      ],
    }),
    message(32, {
      author: 'lookup_order',
      role: 'tool',
      body: '',
      tool: { name: 'lookup_order', arguments: '{\n  "order": 12345\n}', result: '{"status":"delivered"}' },
    }),
  ],
};

export const style: TranscriptStyle = {
  brandName: 'Acme Support',
  color: '#f4b400',
  workspaceName: 'Acme Europe',
  exportId: 'exp_0123456789abcdefghjk',
  exportedBy: 'Dana Admin',
  snapshotAt: '2026-03-06T08:00:00.000Z',
};

/** A message of a bot, but for what is said. */
export function message(index: number, differing: Partial<TranscriptMessage>): TranscriptMessage {
  const minute = String(index % 60).padStart(2, '0');
  return {
    kind: 'message',
    id: `m${index}`,
    at: `2026-03-05T14:${minute}:22.123Z`,
    author: 'Support bot',
    role: 'bot',
    isInternal: false,
    body: '',
    citations: [],
    files: [],
    ...differing,
  };
}
