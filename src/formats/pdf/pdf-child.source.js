// Starts the child that makes PDFs straight from the sources (a checkout): first the loader that understands
// TypeScript.
import { register } from 'tsx/esm/api';

register();
await import('./pdf-child.ts');
