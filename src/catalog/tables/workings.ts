import { bigint, boolean, declareTable, json, text, texts, timestamp, xid } from '../declare.ts';

/** What can be exported (contract §2). */
export const exportKinds = [
  'workspace',
  'contacts',
  'conversations',
  'conversation',
  'contact',
  'audit',
] as const;

/** As what. Which kind has which of them: `formatsOfKind`. */
export const exportFormats = ['json', 'ndjson', 'csv', 'xlsx', 'pdf', 'html', 'chat-jsonl', 'zip'] as const;

const workspaceId = text({ doc: 'The workspace.', isRequired: true });

export const tombstones = declareTable('tombstones', {
  kind: 'working',
  doc: 'What was deleted, without personal data, for the change feed.',
  primaryKey: ['workspace_id', 'ref'],
  retention: { forever: 'Pruned after the feed’s horizon; holds no personal data.' },
  columns: {
    workspace_id: workspaceId,
    ref: text({ doc: 'The deleted record’s ref.', isRequired: true }),
    dataset: text({ doc: 'The table it was in.', isRequired: true }),
    reason: text({
      doc: 'Deleted, merged, erased or past retention.',
      values: ['deleted', 'merged', 'erased', 'retention'],
      isRequired: true,
    }),
    deleted_at: timestamp({ doc: 'When.', isNullable: false }),
    changed_epoch: bigint({ doc: 'Epoch of the change feed.', isNullable: false }),
    changed_xid: xid({ doc: 'Transaction that deleted it.', isNullable: false }),
  },
});

export const ingestPending = declareTable('ingest_pending', {
  kind: 'working',
  doc: 'Lines that arrived before the record they belong to; kept 24 hours.',
  primaryKey: ['workspace_id', 'id'],
  retention: 'person',
  columns: {
    workspace_id: workspaceId,
    id: text({ doc: 'Name of the waiting line.', isRequired: true }),
    type: text({ doc: 'Its ingest type.', isRequired: true }),
    record_id: text({
      doc: 'The host’s id of the waiting record.',
      personal: 'identifier',
      isRequired: true,
    }),
    parent_table: text({ doc: 'Table of the record it waits for.', isRequired: true }),
    parent_id: text({ doc: 'Id of the record it waits for.', personal: 'identifier', isRequired: true }),
    line: text({
      doc: 'The line itself; emptied when it is given up.',
      personal: 'free_text',
      isNullable: true,
    }),
    received_at: timestamp({ doc: 'When it arrived.', isNullable: false }),
    given_up_at: timestamp('When it was reported as never matched.'),
  },
});

export const exportsTable = declareTable('exports', {
  kind: 'working',
  doc: 'Every export asked for, direct replies included.',
  primaryKey: ['workspace_id', 'id'],
  retention: { forever: 'The record of who exported what; holds no contents.' },
  columns: {
    workspace_id: workspaceId,
    id: text({ doc: 'Id (exp_…).', isRequired: true }),
    kind: text({
      doc: 'What was exported.',
      values: exportKinds,
      isRequired: true,
    }),
    format: text({
      doc: 'File format.',
      values: exportFormats,
      isRequired: true,
    }),
    plan: json({
      doc: 'The frozen plan: scope, filter, fields, format, audience.',
      personal: 'identifier',
      isNullable: false,
    }),
    status: text({
      doc: 'State.',
      values: ['queued', 'running', 'ready', 'failed', 'cancelled', 'expired'],
      isRequired: true,
    }),
    stage: text({ doc: 'What it is doing, or was doing when it ended.', isRequired: true }),
    snapshot_at: timestamp('The moment whose data it holds.'),
    counts: json('Records per dataset, checked against the base tables.'),
    bytes: bigint('Size of the file.'),
    sha256: text('SHA-256 of the file.'),
    error_code: text('Why it failed: code.'),
    error_detail: text('Why it failed: sentence.'),
    requested_by: json({ doc: 'Who asked: {type, id, name}.', personal: 'name', isNullable: false }),
    interface: text({ doc: 'api, cli, web.', isRequired: true }),
    created_at: timestamp({ doc: 'When it was asked for.', isNullable: false }),
    beat_at: timestamp({ doc: 'Last sign of life of the process that runs it.', isNullable: false }),
    finished_at: timestamp('When it ended.'),
    last_downloaded_at: timestamp('Last time that all of it had been fetched (H-11).'),
    downloaded_bytes: bigint('Bytes of that transfer.'),
    is_kept: boolean({ doc: 'Kept as a package; else sent at once.', defaultValue: false }),
    name: text('Its name, without extension.'),
    manifest: text({
      doc: 'The manifest, or the receipt’s, as canonical JSON.',
      personal: 'identifier',
      isNullable: true,
    }),
    signature: text('Ed25519 signature over the manifest, Base64.'),
    expires_at: timestamp('When its files go.'),
    rerun_of: text('The export that it repeats.'),
    schedule_id: text('The schedule that it belongs to.'),
    warnings: json({
      doc: 'What a ready export could not hold: [{code, count, detail}].',
      json: 'array',
      isNullable: false,
    }),
    notify: texts({ doc: 'Who is told by mail when it has ended.', personal: 'email', isNullable: false }),
  },
});

export const exportParts = declareTable('export_parts', {
  kind: 'working',
  doc: 'Files of kept exports: their parts, and contents of files.',
  primaryKey: ['workspace_id', 'export_id', 'position'],
  retention: { forever: 'As long as the export’s row; holds no contents.' },
  columns: {
    workspace_id: workspaceId,
    export_id: text({ doc: 'The export.', isRequired: true }),
    position: bigint({ doc: 'Place in the manifest, from 1.', isNullable: false }),
    kind: text({ doc: 'Records, or the contents of a file.', values: ['part', 'file'], isRequired: true }),
    name: text({ doc: 'Name in the package.', isRequired: true }),
    media_type: text({ doc: 'Media type.', isRequired: true }),
    bytes: bigint({ doc: 'Size.', isNullable: false }),
    sha256: text({ doc: 'SHA-256.', isRequired: true }),
    crc32: text({ doc: 'CRC-32, for the zip.', isRequired: true }),
    records: bigint({ doc: 'Records in it.', isNullable: false }),
    object_key: text({ doc: 'Where the object store keeps it.', isRequired: true }),
  },
});

export const auditEvents = declareTable('audit_events', {
  kind: 'working',
  doc: 'The chained audit log: who did what to what, and when. Rows are only ever added.',
  primaryKey: ['workspace_id', 'seq'],
  retention: { forever: 'Evidence (K-18); holds no personal data but refs.' },
  writes: ['insert'],
  columns: {
    workspace_id: workspaceId,
    seq: bigint({ doc: 'Place in the chain, from 1.', isNullable: false }),
    at: timestamp({ doc: 'When.', isNullable: false }),
    actor_type: text({ doc: 'user, api_key, operator, system.', isRequired: true }),
    actor_ref: text({ doc: 'The actor’s id.', isRequired: true }),
    action: text({ doc: '<noun>.<past verb>', isRequired: true }),
    target_type: text({ doc: 'What it was done to: kind.', isRequired: true }),
    target_ref: text({ doc: 'What it was done to: ref.', isRequired: true }),
    outcome: text({
      doc: 'success, denied or failed.',
      values: ['success', 'denied', 'failed'],
      isRequired: true,
    }),
    interface: text({ doc: 'api, cli, web, system.', isRequired: true }),
    details: json({ doc: 'Counts, formats, filters: never personal data.', isNullable: false }),
    body_hash: text({ doc: 'SHA-256 of salt and personal part.', isRequired: true }),
    prev_hash: text({ doc: 'Hash of the row before.', isRequired: true }),
    hash: text({ doc: 'Hash of this row.', isRequired: true }),
  },
});

export const auditBodies = declareTable('audit_bodies', {
  kind: 'working',
  doc: 'The personal part of an audit event, beside the chain, so that it can be erased.',
  primaryKey: ['workspace_id', 'seq'],
  retention: 'person',
  writes: ['insert', 'delete'],
  columns: {
    workspace_id: workspaceId,
    seq: bigint({ doc: 'The event.', isNullable: false }),
    subject_ref: text('The person it is about; erasing them deletes this row.'),
    salt: text({ doc: 'Random salt of the body’s hash.', isRequired: true }),
    body: json({ doc: 'Names, address, user agent, changes.', personal: 'free_text', isNullable: false }),
  },
});
