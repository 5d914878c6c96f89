/** What can be queued. */
export type JobKind = 'export';

/** A job that this process has claimed and holds a lease on. */
export interface ClaimedJob {
  id: string;
  kind: JobKind;
  workspaceId: string;
  /** Id of what it is about: the export. */
  subjectId: string;
  /** 1 for the first. */
  attempt: number;
  /** Number of the claim; only what bears the latest counts. */
  fence: number;
}

/** How far a job is, for people: kept with the job. */
export interface JobProgress {
  stage?: string;
  /** Records rendered so far, and how many there will be once they are counted. */
  records?: number;
  planned?: number;
  bytes?: number;
  /** Of what is made of documents: those that are done. */
  documents?: number;
  /** When the present attempt began; RFC 3339. */
  startedAt?: string;
}

/** How a queue is worked off. */
export interface QueueLimits {
  /** Jobs of one workspace that run at the same time, over all workers. */
  perWorkspace: number;
  /** A worker that gives no sign for this long is dead. */
  leaseMs: number;
  /** How often a job is begun before it is written off. */
  maxAttempts: number;
}

/** The channel that wakes workers. */
export const JOBS_CHANNEL = 'convey_jobs';
