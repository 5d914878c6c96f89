import { bytes, duration, type Settings } from './setting.ts';

/** What comes in. */
export interface IngestSettings {
  ingestBodyBytes: number;
  messageBodyBytes: number;
  pendingMs: number;
}

export const ingestSettings: Settings<IngestSettings> = {
  ingestBodyBytes: {
    environmentName: 'CONVEY_INGEST_BODY',
    doc: 'Largest body of one ingest request.',
    fallback: '64MiB',
    ...bytes('1MiB', '1024MiB'),
  },
  messageBodyBytes: {
    environmentName: 'CONVEY_MESSAGE_BODY',
    doc: 'Longest text of one message.',
    fallback: '16MiB',
    ...bytes('1KiB', '64MiB'),
  },
  pendingMs: {
    environmentName: 'CONVEY_PENDING',
    doc: 'How long an ingested record waits for the record that it belongs to.',
    fallback: '24h',
    ...duration('1m', '30d'),
  },
};
