/** Of a brand that has set none. */
export const USUAL_COLOR = '#2f5d8a';

/** WCAG 2.2, 1.4.3: small text. */
const READABLE = 4.5;

/**
 * A brand's colour, made darker until text in it is readable on white, and white text on it (WCAG 2.2, 1.4.3: 4.5 to
 * 1); a dark one stays.
 * @param color `#rrggbb`
 */
export function readableColor(color: string): string {
  let [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  const hex = () =>
    `#${[red, green, blue].map((part) => Math.round(part!).toString(16).padStart(2, '0')).join('')}`;
  while (contrastWithWhite(hex()) < READABLE) [red, green, blue] = [red! * 0.95, green! * 0.95, blue! * 0.95];
  return hex();
}

/** Contrast of a colour with white, 1 to 21 (WCAG 2.2, “contrast ratio”). */
export function contrastWithWhite(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red! + 0.7152 * green! + 0.0722 * blue! + 0.05);
}
