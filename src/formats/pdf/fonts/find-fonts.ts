import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConveyError } from '../../../errors.ts';
import { PACKAGE_ROOT } from '../../../version.ts';
import { fontsMissing } from '../pdf.errors.ts';

/** A font family of PDFs. */
export interface FontFamily {
  /** As the font files name it. */
  family: string;
  /** Of `@expo-google-fonts/`, where the files come from. */
  package: string;
  /** Regular first; inside the package. */
  files: readonly string[];
}

const regular = (family: string, name: string): FontFamily => ({
  family,
  package: name,
  files: [`400Regular/${family.replaceAll(' ', '')}_400Regular.ttf`],
});

/**
 * The fonts of PDFs, all under the SIL Open Font License, in the order in which a character is looked for. Latin
 * first, as other fonts have Latin letters too; emoji before symbols, so that what has a colour is shown in it. Of the
 * three that share Han characters, the text decides (`text/choose-han.ts`).
 */
export const FONT_FAMILIES: readonly FontFamily[] = [
  {
    family: 'Noto Sans',
    package: 'noto-sans',
    files: [
      '400Regular/NotoSans_400Regular.ttf',
      '700Bold/NotoSans_700Bold.ttf',
      '400Regular_Italic/NotoSans_400Regular_Italic.ttf',
    ],
  },
  {
    family: 'IBM Plex Sans Arabic',
    package: 'ibm-plex-sans-arabic',
    files: ['400Regular/IBMPlexSansArabic_400Regular.ttf', '700Bold/IBMPlexSansArabic_700Bold.ttf'],
  },
  regular('Noto Sans Hebrew', 'noto-sans-hebrew'),
  regular('Noto Sans Devanagari', 'noto-sans-devanagari'),
  regular('Noto Sans Bengali', 'noto-sans-bengali'),
  regular('Noto Sans Tamil', 'noto-sans-tamil'),
  regular('Noto Sans Thai', 'noto-sans-thai'),
  regular('Noto Sans SC', 'noto-sans-sc'),
  regular('Noto Sans JP', 'noto-sans-jp'),
  regular('Noto Sans KR', 'noto-sans-kr'),
  regular('Noto Color Emoji', 'noto-color-emoji'),
  regular('Noto Sans Symbols', 'noto-sans-symbols'),
  {
    ...regular('Noto Sans Symbols 2', 'noto-sans-symbols-2'),
    files: ['400Regular/NotoSansSymbols2_400Regular.ttf'],
  },
];

/** The licence of a font package's fonts. */
export const FONT_LICENSE = 'LICENSE_FONT';

/** A family with its files on this machine. */
export interface FoundFont {
  family: string;
  /** Regular first. */
  paths: readonly string[];
}

/**
 * Where the fonts are: in `fonts/` of the published package, which `scripts/copy-fonts.mjs` filled; in a checkout in
 * the packages they come from.
 * @throws formats.fonts_missing
 */
export function findFonts(): FoundFont[] {
  return FONT_FAMILIES.map(({ family, package: name, files }) => {
    const published = fileURLToPath(new URL(`fonts/${name}/`, PACKAGE_ROOT));
    const paths = [published, folderOf(name)]
      .filter((folder) => folder !== undefined)
      .map((folder) => files.map((file) => join(folder, file)))
      .find((candidates) => candidates.every((path) => existsSync(path)));
    if (paths === undefined) throw new ConveyError(fontsMissing, `${family} is missing.`);
    return { family, paths };
  });
}

/** The folder of a font package that npm installed, if it did. */
export function folderOf(name: string): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`@expo-google-fonts/${name}/package.json`));
  } catch {
    return undefined;
  }
}
