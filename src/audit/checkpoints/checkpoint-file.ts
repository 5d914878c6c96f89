import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../canonical-json.ts';
import { ConveyError } from '../../errors.ts';
import { parseJson } from '../../parse-json.ts';
import { badCheckpoints } from '../audit.errors.ts';
import { type CheckpointDocument, readCheckpoint, type SignedCheckpoint } from './checkpoint.ts';

/** More than two lines of ours. */
const TAIL_BYTES = 16 * 1024;

/** Name of the file of a workspace’s checkpoints in a folder. */
export function checkpointFileName(workspaceId: string): string {
  return `${workspaceId}.ndjson`;
}

/** A checkpoint as one line, without its end. */
export function checkpointLine(checkpoint: SignedCheckpoint): string {
  return canonicalJson({ ...checkpoint });
}

/** Adds a line to the workspace's file and returns when it is on the disk. */
export async function appendCheckpoint(
  folder: string,
  workspaceId: string,
  checkpoint: SignedCheckpoint,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = await open(join(folder, checkpointFileName(workspaceId)), 'a+', 0o600);
  try {
    // What a crash left in the middle of a line must not spoil the next one.
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const isTorn = size > 0 && buffer.toString() !== '\n';
    await file.appendFile(`${isTorn ? '\n' : ''}${checkpointLine(checkpoint)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * The last checkpoint of a workspace's file; undefined: there is none. A line that a crash left unfinished is passed
 * over.
 * @throws audit.bad_checkpoints when that line is no signed checkpoint of this workspace
 */
export async function readLastCheckpoint(
  folder: string,
  workspaceId: string,
): Promise<CheckpointDocument | undefined> {
  const name = checkpointFileName(workspaceId);
  const tail = await readTail(join(folder, name));
  const lines = tail.split('\n').slice(0, -1);
  const last = lines.findLast((line) => line !== '');
  if (last === undefined) return undefined;
  const document = readLine(last);
  if (document?.workspace_id === workspaceId) return document;
  throw new ConveyError(badCheckpoints, `The last line of ${name} is no checkpoint of this workspace.`);
}

async function readTail(path: string): Promise<string> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, from);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function readLine(line: string): CheckpointDocument | undefined {
  try {
    return readCheckpoint(parseJson(line) as SignedCheckpoint);
  } catch {
    return undefined; // no JSON, or of another shape
  }
}
