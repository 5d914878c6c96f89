import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** The brand's colour: a deep teal, dark enough on white (and light enough on black) for small text. */
const teal: MantineColorsTuple = [
  '#e9f6f5',
  '#d3eae8',
  '#a5d4d1',
  '#74beb8',
  '#4daba4',
  '#349f97',
  '#1f7f78',
  '#166a64',
  '#0d5752',
  '#04423e',
];

/** Red, as dark where it is filled as white words on it need (WCAG AA). */
const red: MantineColorsTuple = [
  '#fff5f5',
  '#ffe3e3',
  '#ffc9c9',
  '#ffa8a8',
  '#ff8787',
  '#ff6b6b',
  '#d63333',
  '#c92a2a',
  '#b52525',
  '#9c1f1f',
];

/** How everything looks; the variables of it become a style sheet (vite.config.ts). */
export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  colors: { brand: teal, red },
  fontFamily: "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Code', 'DejaVu Sans Mono', monospace",
  headings: { fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Words of marks are written as everywhere else, not in capitals.
    Badge: { defaultProps: { tt: 'none' } },
    // The first thing in a menu is its first item, not a place without a name.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    // A dialog's head is no second head of the page, as its `<header>` would say.
    Modal: { defaultProps: { attributes: { header: { role: 'presentation' } } } },
  },
});
