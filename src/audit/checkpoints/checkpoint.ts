import { z } from 'zod';
import { canonicalJson } from '../../canonical-json.ts';
import { signBytes } from '../../packages/sign.ts';
import { fingerprintOf, isSignedBy } from '../../packages/signatures.ts';
import { parseJson } from '../../parse-json.ts';
import type { Signer } from '../../keys/signing-keys.ts';
import type { ChainHead } from '../noted-heads.ts';

const head = z.object({ seq: z.number().int(), hash: z.string() });
const documentSchema = z.object({
  format: z.literal('convey.audit.checkpoint.v1'),
  workspace_id: z.string(),
  seq: z.number().int(),
  hash: z.string(),
  at: z.string(),
  previous: head.nullable(),
  signed_by: z.string(),
});

/** What a checkpoint says: how far a workspace's chain had come. Signed as canonical JSON. */
export type CheckpointDocument = z.infer<typeof documentSchema>;

/** A checkpoint as it leaves the server: a line of a file, the data of a webhook. */
export interface SignedCheckpoint {
  /** Canonical JSON of a `CheckpointDocument`: the bytes that are signed. */
  document: string;
  /** Ed25519, Base64. */
  signature: string;
  /** SubjectPublicKeyInfo in DER, Base64. Proves nothing unless its fingerprint is known from elsewhere. */
  public_key: string;
}

/** Signs that the chain stood at `head`; `previous` is the checkpoint before. */
export function signCheckpoint(
  signer: Signer,
  said: { workspaceId: string; head: ChainHead; previous: ChainHead | null; at: Date },
): SignedCheckpoint {
  const document = canonicalJson({
    format: 'convey.audit.checkpoint.v1',
    workspace_id: said.workspaceId,
    ...said.head,
    at: said.at.toISOString(),
    previous: said.previous && { ...said.previous },
    signed_by: signer.fingerprint,
  } satisfies CheckpointDocument);
  const signature = signBytes(Buffer.from(document), signer.privateKey).toString('base64');
  return { document, signature, public_key: signer.publicKey };
}

/** What a checkpoint says, if it is signed by the key that it names and carries; else undefined. */
export function readCheckpoint(checkpoint: SignedCheckpoint): CheckpointDocument | undefined {
  const publicKey = Buffer.from(checkpoint.public_key, 'base64');
  const bytes = Buffer.from(checkpoint.document);
  if (!isSignedBy(bytes, Buffer.from(checkpoint.signature, 'base64'), publicKey)) return undefined;
  try {
    const document = documentSchema.parse(parseJson(checkpoint.document));
    return document.signed_by === fingerprintOf(publicKey) ? document : undefined;
  } catch {
    return undefined; // signed, but no checkpoint
  }
}
