import type { VerifyQuestion } from './verify-messages.ts';

/** What was dropped or chosen, by path; a folder's files are `folder/name`. */
export type FoundFile = readonly [path: string, content: File];

const RECEIPT = /\.receipt\.json$/i;

/** Why files cannot be told apart into something to verify. */
export interface Unclear {
  unclear: 'needs receipt' | 'too many';
  name: string;
}

/** What somebody means to verify: a package, a file with its receipt, or the packages of a schedule. */
export async function sortFiles(
  files: readonly FoundFile[],
): Promise<{ what: VerifyQuestion['what']; name: string } | Unclear> {
  const folder = files
    .find(([path]) => path.endsWith('/manifest.json'))?.[0]
    .replace(/\/manifest\.json$/, '');
  if (folder !== undefined && files.every(([path]) => path.startsWith(`${folder}/`)))
    return { what: { path: folder }, name: folder };
  const receipts = files.filter(([path]) => RECEIPT.test(path));
  const others = files.filter(([path]) => !RECEIPT.test(path));
  const [first] = others;
  const name = first?.[0] ?? files[0]?.[0] ?? '';
  if (first === undefined || receipts.length > 1) return { unclear: 'too many', name };
  const [receipt] = receipts;
  if (receipt !== undefined)
    return others.length === 1
      ? { what: { path: first[0], receipt: receipt[0] }, name }
      : { unclear: 'too many', name };
  const areZips = await Promise.all(others.map(([, content]) => isZip(content)));
  if (others.length === 1)
    return areZips[0] === true ? { what: { path: name }, name } : { unclear: 'needs receipt', name };
  if (!areZips.every(Boolean)) return { unclear: 'too many', name };
  return { what: { chain: others.map(([path]) => path).toSorted() }, name };
}

async function isZip(content: File): Promise<boolean> {
  const head = new Uint8Array(await content.slice(0, 4).arrayBuffer());
  // What was cut to nothing, or damaged at its start, is for the verifier to judge: its name still says it.
  return (head[0] === 0x50 && head[1] === 0x4b) || /\.zip$/i.test(content.name);
}

/** The files of what was dropped, those in folders as well. */
export async function filesIn(dropped: DataTransfer): Promise<FoundFile[]> {
  // All of them before the first wait: afterwards the list is empty.
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found: FoundFile[] = [];
  for (const entry of entries) await collect(entry, found);
  return found;
}

async function collect(entry: FileSystemEntry, found: FoundFile[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    found.push([path, file]);
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return;
    for (const one of some) await collect(one, found);
  }
}
