import { availableParallelism } from 'node:os';
import { parseS3Location } from '../storage/s3-location.ts';
import { duration, integer, type Settings } from './setting.ts';

/** What goes out, and how much of it at once. */
export interface ExportSettings {
  directRepliesPerWorkspace: number;
  exportConnections: number;
  exportThreads: number;
  snapshotMaxAgeMs: number;
  idleClientMs: number;
  keptExportsPerWorkspace: number;
  partConversations: number;
  parallelParts: number;
  linkMs: number;
  mostLinkMs: number;
  /** 0: no limit. */
  linkDownloads: number;
  /** Stores that schedules may copy packages to: name → where it is. */
  s3Destinations: ReadonlyMap<string, string>;
}

function parseDestinations(text: string): ReadonlyMap<string, string> | undefined {
  const places = new Map<string, string>();
  for (const part of text.split(',')) {
    const [, name, location] = /^([a-z0-9][a-z0-9-]{0,39})=(s3:\/\/\S+)$/.exec(part.trim()) ?? [];
    if (name === undefined || location === undefined || places.has(name) || !isS3Location(location))
      return undefined;
    places.set(name, location);
  }
  return places;
}

function isS3Location(text: string): boolean {
  try {
    return parseS3Location(text).bucket !== '';
  } catch {
    return false;
  }
}

export const exportSettings: Settings<ExportSettings> = {
  directRepliesPerWorkspace: {
    environmentName: 'CONVEY_DIRECT_REPLIES',
    doc: 'Exports that one workspace may have answered directly at the same time.',
    fallback: '3',
    ...integer(1, 1000),
  },
  exportConnections: {
    environmentName: 'CONVEY_EXPORT_CONNECTIONS',
    doc: 'Database connections that all running exports share, beside the 15 for short work and one for each kept export. A quarter is for exports of one conversation or person; of the rest one workspace gets at most two thirds.',
    fallback: '24',
    ...integer(4, 1000),
  },
  exportThreads: {
    environmentName: 'CONVEY_EXPORT_THREADS',
    doc: 'Threads that render exports, so that small requests never wait for a large one.',
    fallback: {
      text: 'the number of processor cores, at most 4',
      from: () => Math.min(4, availableParallelism()),
    },
    ...integer(1, 64),
  },
  snapshotMaxAgeMs: {
    environmentName: 'CONVEY_SNAPSHOT_MAX_AGE',
    doc: 'Longest time one export may read; after it the database ends the read, so that old rows are let go.',
    fallback: '2h',
    ...duration('1m', '24h'),
  },
  idleClientMs: {
    environmentName: 'CONVEY_IDLE_CLIENT',
    doc: 'A client that takes no byte of its reply for this long is cut off.',
    fallback: '5m',
    ...duration('1s', '1h'),
  },
  keptExportsPerWorkspace: {
    environmentName: 'CONVEY_EXPORTS_PER_WORKSPACE',
    doc: 'Kept exports of one workspace that run at the same time; more wait their turn.',
    fallback: '3',
    ...integer(1, 1000),
  },
  partConversations: {
    environmentName: 'CONVEY_PART_CONVERSATIONS',
    doc: 'Conversations in one part of a kept export.',
    fallback: '5000',
    ...integer(1, 1_000_000_000),
  },
  parallelParts: {
    environmentName: 'CONVEY_PARALLEL_PARTS',
    doc: 'Parts of one kept export that are written at the same time.',
    fallback: '2',
    ...integer(1, 64),
  },
  linkMs: {
    environmentName: 'CONVEY_LINKS',
    doc: 'How long the files of a kept export can be fetched before they are deleted.',
    fallback: '7d',
    ...duration('1m', '365d'),
  },
  mostLinkMs: {
    environmentName: 'CONVEY_LINKS_MOST',
    doc: 'How long after its order a kept export can be kept at most, by giving it more time.',
    fallback: '90d',
    ...duration('1m', '3650d'),
  },
  linkDownloads: {
    environmentName: 'CONVEY_LINK_DOWNLOADS',
    doc: 'Downloads that one link without a sign-in gives, before it opens nothing any more; 0: as many as are asked for.',
    fallback: '20',
    ...integer(0, 1_000_000),
  },
  s3Destinations: {
    environmentName: 'CONVEY_S3_DESTINATIONS',
    doc: 'Stores that schedules may copy packages to, each under a name; there they lie as they are, not encrypted by Convey.',
    takes: 'names and places with commas between: `backup=s3://bucket/prefix?region=…&endpoint=…`',
    fallback: { text: 'none', from: () => new Map() },
    parse: parseDestinations,
    isSecret: true, // somebody may have typed credentials into it
  },
};
