import type { Catalogue } from '../catalogue.ts';
import { access } from './access.ts';
import { audit } from './audit.ts';
import { exportContents } from './export-contents.ts';
import { exportErrors } from './export-errors.ts';
import { filterParts } from './filter-parts.ts';
import { http } from './http.ts';
import { imports } from './imports.ts';
import { ingest } from './ingest.ts';
import { operations } from './operations.ts';
import { permissions } from './permissions.ts';
import { recordTypes } from './record-types.ts';
import { webhooks } from './webhooks.ts';

/** Every sentence of the server that people read in replies, in German. */
export const german: readonly Catalogue[] = [
  access,
  audit,
  exportContents,
  exportErrors,
  filterParts,
  http,
  imports,
  ingest,
  operations,
  permissions,
  recordTypes,
  webhooks,
];
