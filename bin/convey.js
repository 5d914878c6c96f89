#!/usr/bin/env node
// Starts the command line from dist/ where it was built, else straight from the sources (a checkout).
import { existsSync } from 'node:fs';

const built = new URL('../dist/src/cli.js', import.meta.url);
if (existsSync(built) && process.env.CONVEY_FROM_SOURCE === undefined) {
  await import(built.href);
} else {
  const { register } = await import('tsx/esm/api');
  register();
  await import('../src/cli.ts');
}
