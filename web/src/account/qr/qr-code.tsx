import { useMemo } from 'react';
import { encodeQr } from './encode-qr.ts';

/** Light squares around a code, which readers need. */
const MARGIN = 4;

/** A text as a picture that a phone’s camera reads: always dark on light. Nothing where the text is too long for one. */
export function QrCode({ text, label, width }: { text: string; label: string; width: number }) {
  const rows = useMemo(() => encodeQr(text), [text]);
  if (rows === undefined) return null;
  const size = rows.length + 2 * MARGIN;
  const squares = rows.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x + MARGIN} ${y + MARGIN}h1v1h-1z`] : [])),
  );
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} width={width} height={width}>
      <rect width={size} height={size} rx={2} fill="#fff" />
      <path d={squares.join('')} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}
