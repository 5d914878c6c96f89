import { declareTable, json, text, timestamp } from '../declare.ts';

export const imports = declareTable('imports', {
  kind: 'working',
  doc: 'Files that members brought in through the app, and the sample data.',
  primaryKey: ['workspace_id', 'id'],
  retention: { forever: 'Counts and places of lines, for as long as the workspace; holds no contents.' },
  writes: ['insert', 'update'],
  columns: {
    workspace_id: text({ doc: 'The workspace.', isRequired: true }),
    id: text({ doc: 'Id (imp_…).', isRequired: true }),
    source: text({ doc: 'What comes in.', values: ['files', 'sample'], isRequired: true }),
    status: text({
      doc: 'State.',
      values: ['preparing', 'running', 'done', 'failed', 'cancelled'],
      isRequired: true,
    }),
    file_name: text({ doc: 'Name of the file.', personal: 'file_name' }),
    format: text('What the file is.'),
    created_by: json({ doc: 'Who brought it: {type, id, name}.', personal: 'name', isNullable: false }),
    created_at: timestamp({ doc: 'When it was begun.', isNullable: false }),
    started_at: timestamp('When its records began to be taken.'),
    finished_at: timestamp('When it ended.'),
    seen_at: timestamp('The last sign of life of the process that runs it.'),
    progress: json({ doc: 'How far it is: {records, bytes, total_bytes}.', isNullable: false }),
    result: json({ doc: 'What was taken, and which lines were not.', personal: 'file_name' }),
    failure: json('Why it failed: {code, detail}.'),
  },
});
