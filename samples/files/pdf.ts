import type { Random } from '../random.ts';

const LINES = [
  'Thank you for your order. This document was made by a computer and is valid without a signature.',
  'Keep the lamp away from water, and do not look straight into the light.',
  'The arm holds by friction: tighten the small screw (M3) by a quarter turn, never more.',
  'All moving parts are covered for three years from the day of delivery.',
  'Questions? Write to support@example.com or use the chat in the Glow app.',
  'Ottervale (a made-up company), 7 Example Row, Sampleton',
] as const;
const LINES_PER_PAGE = 28;

/** A string of a content stream: parentheses and backslashes escaped (ISO 32000-1, 7.3.4.2). */
function pdfText(text: string): string {
  return `(${text.replace(/[\\()]/g, '\\$&')})`;
}

function contentOf(lines: readonly string[]): string {
  const shown = lines.map((line, i) =>
    `${i === 0 ? '/F1 16 Tf' : i === 1 ? '/F1 10 Tf' : ''} ${pdfText(line)} Tj T*`.trim(),
  );
  return `BT 56 780 Td 20 TL ${shown.join('\n')} ET`;
}

/** A document of one or two A4 pages with plain, selectable text (PDF 1.4, no compression). */
export function makePdf(random: Random, title: string): Buffer {
  const pageCount = random.between(1, 2);
  const objects: string[] = [];
  const pageNumbers = Array.from({ length: pageCount }, (_, page) => 4 + page * 2);
  objects.push('<< /Type /Catalog /Pages 2 0 R >>');
  objects.push(
    `<< /Type /Pages /Kids [${pageNumbers.map((number) => `${number} 0 R`).join(' ')}] /Count ${pageCount} >>`,
  );
  objects.push('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  for (let page = 0; page < pageCount; page++) {
    const lines = [`${title} - page ${page + 1} of ${pageCount}`];
    for (let i = 0; i < random.between(6, LINES_PER_PAGE); i++) {
      lines.push(
        random.chance(40)
          ? `Position ${i + 1}: part OV-${random.between(100, 999)}, ${random.between(1, 9)}.${random.between(10, 99)} EUR`
          : random.pick(LINES),
      );
    }
    const content = contentOf(lines);
    const fonts = '/Resources << /Font << /F1 3 0 R >> >>';
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] ${fonts} /Contents ${pageNumbers[page]! + 1} 0 R >>`,
    );
    objects.push(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
  }
  // All of it is ASCII, so that characters are bytes and the offsets below are right.
  let text = '%PDF-1.4\n';
  const offsets: number[] = [];
  for (const [i, object] of objects.entries()) {
    offsets.push(text.length);
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
  }
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const offset of offsets) text += `${String(offset).padStart(10, '0')} 00000 n \n`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}
