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

/** How everything looks; the variables of it become a style sheet (vite.config.ts). */
export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: { light: 7, dark: 5 },
  autoContrast: true,
  colors: { brand: teal },
  fontFamily: "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Code', 'DejaVu Sans Mono', monospace",
  headings: { fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
});
