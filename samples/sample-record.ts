/** The ingest types of a sample, parents before children. */
export const SAMPLE_TYPES = [
  'account',
  'workspace_membership',
  'subscription',
  'contact',
  'knowledge_source',
  'flow',
  'conversation',
  'message',
  'event',
  'ticket',
  'ticket_message',
  'file',
  'memory',
] as const;
export type SampleType = (typeof SAMPLE_TYPES)[number];

/** One line of the ingest grammar: fields as the contract's §2a names them, and some it does not know. */
export interface SampleRecord {
  type: SampleType;
  id: string;
  [field: string]: unknown;
}
