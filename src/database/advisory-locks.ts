/**
 * First or only keys of our advisory locks: arbitrary numbers, ours for ever, each used for one thing.
 * (4_400_004 is taken by `analyze_grown_tables()`, migration 0006.)
 */
export const advisoryLocks = {
  /** One migrates at a time. */
  migration: 4_400_001,
  /** With the workspace: one appends to its audit chain at a time. */
  auditChain: 4_400_002,
  /** With the workspace: one writes its records at a time. */
  records: 4_400_003,
  /** With the workspace: one counts its running exports at a time. */
  exportSlots: 4_400_005,
  /** One makes, rotates or rewraps signing keys at a time. */
  signingKeys: 4_400_006,
  /** One claims a job at a time. */
  jobClaims: 4_400_007,
  /** One rotates the master key at a time. */
  keyRotation: 4_400_010,
  /** With the workspace: one signs a checkpoint of its audit chain at a time. */
  auditCheckpoints: 4_400_015,
  /** One becomes the first owner at a time. */
  firstOwner: 4_400_011,
} as const;
