import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../../canonical-json.ts';
import { ConveyError } from '../../errors.ts';
import { badCheckpoints } from '../audit.errors.ts';
import { type CheckpointDocument, readCheckpoint, type SignedCheckpoint } from './checkpoint.ts';

const lineSchema = z.object({ document: z.string(), signature: z.string(), public_key: z.string() });

/** The file of a workspace’s checkpoints in a folder. */
function checkpointFile(folder: string, workspaceId: string): string {
  return join(folder, `${workspaceId}.ndjson`);
}

/** Adds a line to the workspace's file and returns when it is on the disk. */
export async function appendCheckpoint(
  folder: string,
  workspaceId: string,
  checkpoint: SignedCheckpoint,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = await open(checkpointFile(folder, workspaceId), 'a', 0o600);
  try {
    await file.appendFile(`${canonicalJson({ ...checkpoint })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Every checkpoint in a file; in a folder, those of `workspaceId`, or all there are.
 * @throws audit.bad_checkpoints for a file that is not there, or a line that is no signed checkpoint
 */
export async function readCheckpoints(
  path: string,
  workspaceId: string | undefined,
): Promise<CheckpointDocument[]> {
  const all: CheckpointDocument[] = [];
  for (const file of await filesAt(path, workspaceId)) {
    const text = await readFile(file, 'utf8').catch(unreadable(file));
    for (const [index, line] of text.split('\n').entries()) {
      if (line === '') continue;
      const document = readLine(line);
      const where = `Line ${index + 1} of ${basename(file)}`;
      if (document === undefined)
        throw new ConveyError(badCheckpoints, `${where} was not signed by the key it names.`);
      all.push(document);
    }
  }
  return all;
}

async function filesAt(path: string, workspaceId: string | undefined): Promise<string[]> {
  const found = await stat(path).catch(unreadable(path));
  if (!found.isDirectory()) return [path];
  if (workspaceId !== undefined) return [checkpointFile(path, workspaceId)];
  const names = await readdir(path);
  return names.filter((name) => name.endsWith('.ndjson')).map((name) => join(path, name));
}

function unreadable(path: string): (cause: NodeJS.ErrnoException) => never {
  return (cause) => {
    throw new ConveyError(badCheckpoints, `${path} cannot be read (${cause.code}).`, { cause });
  };
}

function readLine(line: string): CheckpointDocument | undefined {
  try {
    return readCheckpoint(lineSchema.parse(JSON.parse(line)));
  } catch {
    return undefined; // no JSON, or of another shape
  }
}
