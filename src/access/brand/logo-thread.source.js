// Starts the thread that recodes a logo straight from the sources (a checkout): first the loader that understands
// TypeScript.
import { register } from 'tsx/esm/api';

register();
await import('./logo-thread.ts');
