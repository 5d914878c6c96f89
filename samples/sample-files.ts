import { createHash } from 'node:crypto';
import { makePdf } from './files/pdf.ts';
import { makePng } from './files/png.ts';
import { makeWav } from './files/wav.ts';
import type { Conversation } from './make-conversation.ts';
import { FILE_KINDS } from './plan-files.ts';
import { Random, streams } from './random.ts';
import { timeText } from './sample-calendar.ts';
import { contactId, sampleId } from './sample-ids.ts';
import type { SampleRecord } from './sample-record.ts';
import type { SampleSize } from './sample-size.ts';

const SHAPES = {
  png: {
    mediaType: 'image/png',
    names: ['screenshot', 'Gelenk der Lampe', '写真', 'фото "шарнир"', 'IMG_0192'],
  },
  pdf: {
    mediaType: 'application/pdf',
    names: ['invoice', 'Rechnung März', 'care guide, v2', 'فاتورة', '=invoice'],
  },
  wav: { mediaType: 'audio/wav', names: ['call', 'voicemail (2)', 'Rückruf'] },
} as const;

/**
 * The bytes of a file, made again from its record alone (id, name and media type); `size` and `sha256` of
 * the record are theirs.
 */
export function sampleFileContent(record: SampleRecord): Buffer {
  const digest = createHash('sha256').update(record.id).digest();
  const random = new Random(digest.readInt32LE(0), streams.file, digest.readUInt16LE(4));
  switch (record.media_type) {
    case 'image/png':
      return makePng(random);
    case 'audio/wav':
      return makeWav(random);
    case 'application/pdf':
      return makePdf(random, 'Ottervale document');
    default:
      throw new Error(`the sample makes no files of type ${String(record.media_type)}`);
  }
}

/** The file of a conversation; some belong to a message, a contact or an account instead of it. */
export function makeFile(size: SampleSize, conversation: Conversation, number: number): SampleRecord {
  const { plan, times } = conversation;
  const random = new Random(size.seed, streams.file, number);
  const kind = FILE_KINDS[number % FILE_KINDS.length]!;
  const shape =
    kind === 'upload'
      ? 'png'
      : kind === 'recording'
        ? 'wav'
        : kind === 'attachment' && number % 8 === 3
          ? 'png'
          : 'pdf';
  const record: SampleRecord = { type: 'file', id: sampleId(size.seed, 'file', number), kind };
  record.name = `${random.pick(SHAPES[shape].names)}.${shape}`;
  record.media_type = SHAPES[shape].mediaType;
  const content = sampleFileContent(record);
  record.size = content.length;
  record.sha256 = createHash('sha256').update(content).digest('hex');

  const isOfAccount = number % 8 === 1 || plan.isGeneral;
  if (isOfAccount) {
    // A general thread lies outside the workspace; its account's document does not.
    record.account_id = sampleId(size.seed, 'account', plan.account ?? number % size.accounts);
  } else if (number % 8 === 7 && plan.contact !== undefined) {
    record.contact_id = contactId(size.seed, plan.contact);
  } else {
    record.conversation_id = conversation.id;
    if (kind !== 'generated_document' && plan.turns.length > 0)
      record.message_id = sampleId(size.seed, 'message', plan.firstMessage);
    if (plan.contact !== undefined) record.contact_id = contactId(size.seed, plan.contact);
    else record.account_id = conversation.accountId;
  }
  record.created_at = timeText(times.lastMs);
  record.updated_at = record.created_at;
  record.version = 1;
  if (number % 2 === 0) record.attributes = { scanned: true, scanner: 'none "found"' };
  else record.alt_text = 'What the customer sent';
  return record;
}
