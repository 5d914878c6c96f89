// Fills fonts/ with exactly the files that PDFs need, each family beside its licence, and puts the template of PDFs
// beside the built code. Part of the build: the packages of the fonts are many times as big, and an installed package
// does without them.
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register();
const { FONT_FAMILIES, FONT_LICENSE, folderOf } = await import('../src/formats/pdf/fonts/find-fonts.ts');
const root = fileURLToPath(new URL('../', import.meta.url));

await rm(join(root, 'fonts'), { recursive: true, force: true });
for (const { package: name, files } of FONT_FAMILIES) {
  const from = folderOf(name);
  if (from === undefined) throw new Error(`@expo-google-fonts/${name} is not installed`);
  for (const file of [...files, FONT_LICENSE]) {
    const to = join(root, 'fonts', name, file);
    await mkdir(dirname(to), { recursive: true });
    await copyFile(join(from, file), to);
  }
}

const template = 'src/formats/pdf/transcript.typ';
await mkdir(dirname(join(root, 'dist', template)), { recursive: true });
await copyFile(join(root, template), join(root, 'dist', template));
