#!/usr/bin/env node
// Starts the command line: in an installed package from dist/; in a checkout straight from the sources, so that
// a stale build never runs unnoticed (NODE_ENV=production runs the build there as well).
import { existsSync } from 'node:fs';

const built = new URL('../dist/src/cli.js', import.meta.url);
const source = new URL('../src/cli.ts', import.meta.url);
if (!existsSync(source) || (process.env.NODE_ENV === 'production' && existsSync(built))) {
  await import(built.href);
} else {
  const { register } = await import('tsx/esm/api');
  register();
  await import(source.href);
}
