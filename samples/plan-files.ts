import type { SampleSize } from './sample-size.ts';

export const FILE_KINDS = ['upload', 'generated_document', 'recording', 'attachment'] as const;

/** The number of the file that comes with a conversation, if one does: they are spread evenly. */
export function fileOf(size: SampleSize, conversation: number): number | undefined {
  const number = Math.ceil((conversation * size.files) / size.conversations);
  const isOurs =
    number < size.files && Math.floor((number * size.conversations) / size.files) === conversation;
  return isOurs ? number : undefined;
}

/** Whether the conversation comes with a recording, as telephone calls do. */
export function hasRecording(size: SampleSize, conversation: number): boolean {
  const file = fileOf(size, conversation);
  return file !== undefined && FILE_KINDS[file % FILE_KINDS.length] === 'recording';
}
