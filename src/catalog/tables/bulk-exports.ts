import { bigint, boolean, declareTable, json, text, texts, timestamp } from '../declare.ts';

const workspaceId = text({ doc: 'The workspace.', isRequired: true });

export const exportDownloads = declareTable('export_downloads', {
  kind: 'working',
  doc: 'Completed transfers of exports: who fetched what, when.',
  primaryKey: ['workspace_id', 'id'],
  retention: { forever: 'As long as the export’s row; holds no contents.' },
  writes: ['insert'],
  columns: {
    workspace_id: workspaceId,
    id: text({ doc: 'Id (dwn_…).', isRequired: true }),
    export_id: text({ doc: 'The export.', isRequired: true }),
    at: timestamp({ doc: 'When it was complete.', isNullable: false }),
    actor: json({ doc: 'Who: {type, id, name}.', personal: 'name', isNullable: false }),
    file: text('Which file; null: the package, or the only file.'),
    bytes: bigint({ doc: 'Bytes sent.', isNullable: false }),
    is_whole: boolean({ doc: 'All of that file was sent.', isNullable: false }),
  },
});

export const exportLinks = declareTable('export_links', {
  kind: 'system',
  doc: 'Links that open one export without a sign-in; only their hash is kept.',
  primaryKey: ['id'],
  retention: { forever: 'Deleted 30 days after their end.' },
  columns: {
    id: text({ doc: 'Id (lnk_…).', isRequired: true }),
    workspace_id: workspaceId,
    export_id: text({ doc: 'The export.', isRequired: true }),
    token_hash: text({ doc: 'SHA-256 of the token.', audience: 'secret', isRequired: true }),
    created_by: json({ doc: 'Who made it: {type, id, name}.', personal: 'name', isNullable: false }),
    created_at: timestamp({ doc: 'When it was made.', isNullable: false }),
    expires_at: timestamp({ doc: 'When it ends.', isNullable: false }),
    revoked_at: timestamp('When it was withdrawn.'),
    downloads: bigint({ doc: 'Completed transfers through it.', isNullable: false }),
    last_download_at: timestamp('The last of them.'),
  },
});

export const fieldSets = declareTable('field_sets', {
  kind: 'working',
  doc: 'Choices of fields that people keep for their exports.',
  primaryKey: ['workspace_id', 'id'],
  retention: { forever: 'Until it is deleted.' },
  columns: {
    workspace_id: workspaceId,
    id: text({ doc: 'Id (fst_…).', isRequired: true }),
    name: text({ doc: 'Its name.', isRequired: true }),
    fields: texts({ doc: 'The fields.', isNullable: false }),
    is_shared: boolean({ doc: 'Whether all members see it.', defaultValue: false }),
    created_by: text({ doc: 'Who made it.', isRequired: true }),
    created_at: timestamp({ doc: 'When it was made.', isNullable: false }),
  },
});

export const schedules = declareTable('schedules', {
  kind: 'working',
  doc: 'Exports that come back.',
  primaryKey: ['workspace_id', 'id'],
  retention: { forever: 'Until it is deleted.' },
  columns: {
    workspace_id: workspaceId,
    id: text({ doc: 'Id (sch_…).', isRequired: true }),
    name: text({ doc: 'Its name.', isRequired: true }),
    request: json({ doc: 'What is exported.', personal: 'identifier', isNullable: false }),
    cron: text({ doc: 'When, as a cron line.', isRequired: true }),
    time_zone: text({ doc: 'In which time zone.', isRequired: true }),
    is_incremental: boolean({
      doc: 'Only what changed since the occurrence before.',
      defaultValue: false,
    }),
    overlap: text({
      doc: 'The occurrence before still runs: skip or wait.',
      values: ['skip', 'wait'],
      isRequired: true,
    }),
    catch_up: text({
      doc: 'Occurrences that were missed.',
      values: ['none', 'last', 'all'],
      isRequired: true,
    }),
    destination: json({ doc: 'Where to: link, mail, S3 prefix.', isNullable: false }),
    notify: texts({ doc: 'Who is told, by mail.', personal: 'email', isNullable: false }),
    created_by: json({ doc: 'Who made it: {type, id, name}.', personal: 'name', isNullable: false }),
    created_at: timestamp({ doc: 'When it was made.', isNullable: false }),
    updated_at: timestamp({ doc: 'When it was last changed.', isNullable: false }),
    next_at: timestamp('Its next occurrence.'),
    paused_at: timestamp('When it was paused.'),
    paused_reason: text('Why.'),
    failures: bigint({ doc: 'Failed occurrences in a row.', isNullable: false }),
    last_export_id: text('The last export of it that stands.'),
    last_manifest_sha256: text('SHA-256 of that one’s manifest.json.'),
    reaches: json('Up to which change that one reaches.'),
    sequence: bigint({ doc: 'Its place in the chain; 0: there is none.', isNullable: false }),
    gaps: json({ doc: 'What the next manifest says about a break.', json: 'array', isNullable: false }),
  },
});

export const scheduleOccurrences = declareTable('schedule_occurrences', {
  kind: 'working',
  doc: 'What became of each occurrence of a schedule.',
  primaryKey: ['workspace_id', 'schedule_id', 'occurrence_at'],
  retention: { forever: 'Until the schedule is deleted.' },
  columns: {
    workspace_id: workspaceId,
    schedule_id: text({ doc: 'The schedule.', isRequired: true }),
    occurrence_at: timestamp({ doc: 'When it was due.', isNullable: false }),
    status: text({
      doc: 'State.',
      values: ['waiting', 'queued', 'done', 'failed', 'skipped'],
      isRequired: true,
    }),
    export_id: text('The export that it became.'),
    reason: text('Why it was skipped or failed.'),
    attempted_at: timestamp({ doc: 'When it was last looked at.', isNullable: false }),
  },
});

export const notices = declareTable('notices', {
  kind: 'working',
  doc: 'What users are told inside the app.',
  primaryKey: ['workspace_id', 'id'],
  retention: { forever: 'Deleted 90 days after they were made.' },
  columns: {
    workspace_id: workspaceId,
    id: text({ doc: 'Id (ntc_…).', isRequired: true }),
    user_id: text({ doc: 'To whom.', isRequired: true }),
    kind: text({ doc: 'What happened.', isRequired: true }),
    subject_id: text({ doc: 'To what: an export, a schedule.', isRequired: true }),
    details: json({ doc: 'Codes and counts.', isNullable: false }),
    created_at: timestamp({ doc: 'When.', isNullable: false }),
    read_at: timestamp('When it was read.'),
  },
});

export const idempotencyKeys = declareTable('idempotency_keys', {
  kind: 'system',
  doc: 'Requests that may be repeated safely, for 24 hours: no bodies, no secrets.',
  primaryKey: ['principal', 'route', 'key_hash'],
  retention: { forever: 'Deleted after 24 hours.' },
  columns: {
    principal: text({ doc: 'Who sent it.', isRequired: true }),
    route: text({ doc: 'Method and route.', isRequired: true }),
    key_hash: text({ doc: 'SHA-256 of the key.', isRequired: true }),
    workspace_id: workspaceId,
    body_sha256: text({ doc: 'SHA-256 of the body.', isRequired: true }),
    status: bigint('Status of the answer; null: the first one still runs.'),
    resource: text('Id of what it made.'),
    created_at: timestamp({ doc: 'When it came.', isNullable: false }),
  },
});
