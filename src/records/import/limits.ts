/** Bounds on what one import source may cost; settings with defaults. */
export interface ImportLimits {
  /** Longest line, CSV row or JSON element that is read, and longest record that is made. */
  lineBytes: number;
  /** Most bytes that a source may unpack to, over all of its files. */
  unpackedBytes: number;
  /** Most unpacked bytes per packed byte, once more than `ratioFloorBytes` have been unpacked. */
  ratio: number;
  ratioFloorBytes: number;
  /** Most entries in a zip; each costs about half a kilobyte of memory. */
  zipEntries: number;
  /** Most text that the side files of a map may keep in memory. */
  joinBytes: number;
  /** Most ids that `"once": true` may remember; each costs about a hundred bytes. */
  onceKeys: number;
}

const MiB = 1024 * 1024;

/** Deflate reaches 1,032 : 1 on zeros; the most repetitive real transcripts tried stay under 60 : 1. */
export const defaultLimits: ImportLimits = {
  lineBytes: 64 * MiB,
  unpackedBytes: 256 * 1024 * MiB,
  ratio: 200,
  ratioFloorBytes: 64 * MiB,
  zipEntries: 250_000,
  joinBytes: 256 * MiB,
  onceKeys: 1_000_000,
};
