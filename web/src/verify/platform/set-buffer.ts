import { BrowserBuffer } from './bytes.ts';

// Imported before the verifier, whose modules use it as soon as they are read.
Object.assign(globalThis, { Buffer: BrowserBuffer });
