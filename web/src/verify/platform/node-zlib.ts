// Stands for `node:zlib` in a browser, as far as the verifier asks for it; entries are unpacked by `inflate-entry.ts`.
export { crc32 } from './crc-32.ts';
