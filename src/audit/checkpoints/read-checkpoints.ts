import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { z } from 'zod';
import { ConveyError } from '../../errors.ts';
import { badCheckpoints } from '../audit.errors.ts';
import { type CheckpointDocument, readCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { checkpointFileName } from './checkpoint-file.ts';

const signedSchema = z.object({ document: z.string(), signature: z.string(), public_key: z.string() });
/** What a webhook was sent; what the API lists. */
const messageSchema = z.object({ type: z.literal('audit.checkpoint'), data: z.unknown() });
const listSchema = z.object({ checkpoints: z.array(z.unknown()) });

const LINES = '.ndjson';
const MAILS = ['.eml', '.txt'];
const SAVED = [...MAILS, '.json'];
/** The line of a mail, without the breaks that mail programs put into it. */
const LINE_OF_MAIL = /\{"document":"(?:[^"\\]|\\.)*","public_key":"[^"]*","signature":"[^"]*"\}/g;

/**
 * Every checkpoint in a file: the server's own lines, the JSON that a webhook or the API gave, or a mail (`.eml`,
 * `.txt`). In a folder, those of all such files; of the server's own, the one of `workspaceId`, if that is known.
 * @throws audit.bad_checkpoints for what cannot be read, and for anything that is no signed checkpoint
 */
export async function readCheckpoints(
  path: string,
  workspaceId: string | undefined,
): Promise<CheckpointDocument[]> {
  const all: CheckpointDocument[] = [];
  for (const file of await filesAt(path, workspaceId)) {
    const text = await readFile(file, 'utf8').catch(unreadable(file));
    for (const { found, where } of checkpointsIn(text, extname(file).toLowerCase())) {
      const document = readSigned(found);
      if (document === undefined)
        throw new ConveyError(
          badCheckpoints,
          `${where} of ${basename(file)} is no checkpoint, or was not signed by the key it names.`,
        );
      all.push(document);
    }
  }
  return all;
}

async function filesAt(path: string, workspaceId: string | undefined): Promise<string[]> {
  const found = await stat(path).catch(unreadable(path));
  if (!found.isDirectory()) return [path];
  const own = workspaceId === undefined ? undefined : checkpointFileName(workspaceId);
  const names = await readdir(path).catch(unreadable(path));
  return names
    .filter((name) => {
      const kind = extname(name).toLowerCase();
      return SAVED.includes(kind) || (kind === LINES && (own === undefined || name === own));
    })
    .map((name) => join(path, name));
}

function unreadable(path: string): (cause: NodeJS.ErrnoException) => never {
  return (cause) => {
    throw new ConveyError(badCheckpoints, `${basename(path)} cannot be read (${cause.code}).`, { cause });
  };
}

/** What should be a checkpoint, and where it stands. */
function checkpointsIn(text: string, kind: string): { found: unknown; where: string }[] {
  if (MAILS.includes(kind)) {
    const lines = unwrapMail(text).match(LINE_OF_MAIL) ?? ['']; // a mail without one is none
    return lines.map((line) => ({ found: parse(line), where: 'The text' }));
  }
  const whole = parse(text);
  if (whole !== undefined) {
    const list = listSchema.safeParse(whole);
    const entries = list.success ? list.data.checkpoints : [whole];
    return entries.map((found, index) => ({ found, where: `Entry ${index + 1}` }));
  }
  return text
    .split('\n')
    .map((line, index) => ({ line, where: `Line ${index + 1}` }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, where }) => ({ found: parse(line), where }));
}

/** A mail's text as it was before it was sent and saved, white space apart: a checkpoint's line has none. */
function unwrapMail(text: string): string {
  const isQuoted = /^content-transfer-encoding:\s*quoted-printable/im.test(text);
  const plain = isQuoted ? text.replaceAll(/=\r?\n/g, '').replaceAll(/=3D/gi, '=') : text;
  return plain.replaceAll(/\s/g, '');
}

function readSigned(found: unknown): CheckpointDocument | undefined {
  const message = messageSchema.safeParse(found);
  const signed = signedSchema.safeParse(message.success ? message.data.data : found);
  return signed.success ? readCheckpoint(signed.data satisfies SignedCheckpoint) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
