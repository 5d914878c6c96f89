/**
 * A conversation as people read it: what HTML and PDF are made of. All texts are well-formed; times are RFC 3339,
 * UTC. Plain data, so that it crosses into another process.
 */
export interface Transcript {
  /** The host's id of the conversation. */
  id: string;
  /** Its subject, or a name made from its id. */
  title: string;
  /** Shown above the conversation, in this order: channel, status, customer, tags, … */
  facts: { label: string; value: string }[];
  /** In order of time. */
  entries: TranscriptEntry[];
  /** A long conversation is several documents: this one's place, from 1, and how many there are so far. */
  volume: number;
}

export type TranscriptEntry = TranscriptMessage | TranscriptEvent;

export interface TranscriptMessage {
  kind: 'message';
  id: string;
  at: string;
  author: string;
  role: 'contact' | 'bot' | 'teammate' | 'tool' | 'system';
  isInternal: boolean;
  body: string;
  editedAt?: string;
  citations: { title: string; url?: string; quote?: string }[];
  files: { name: string; mediaType?: string; bytes?: number; path?: string }[];
  /** A tool's call: its arguments and result as JSON text. */
  tool?: { name: string; arguments?: string; result?: string };
}

export interface TranscriptEvent {
  kind: 'event';
  at: string;
  /** What happened, as a sentence. */
  text: string;
  actor?: string;
  reason?: string;
}

/** How transcripts look, and what their footers say (contract §4). */
export interface TranscriptStyle {
  /** The brand's name; the product's where the workspace has none. */
  brandName: string;
  /** `#rrggbb`. */
  color: string;
  /** A PNG or JPEG that we wrote ourselves. */
  logo?: { mediaType: 'image/png' | 'image/jpeg'; base64: string };
  workspaceName: string;
  exportId: string;
  exportedBy: string;
  /** The moment whose data is shown: RFC 3339, UTC. */
  snapshotAt: string;
}

/** Characters that no font has: shown as their code points, and reported. */
export type UnknownGlyphs = Record<string, number>;
