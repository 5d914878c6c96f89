import { declareTable, json, text, timestamp } from '../declare.ts';

export const savedViews = declareTable('saved_views', {
  kind: 'working',
  doc: 'Filters of conversations that people keep under a name.',
  primaryKey: ['workspace_id', 'id'],
  retention: { forever: 'Until it is deleted.' },
  columns: {
    workspace_id: text({ doc: 'The workspace.', isRequired: true }),
    id: text({ doc: 'Id (viw_…).', isRequired: true }),
    name: text({ doc: 'Its name.', isRequired: true }),
    filter: json({ doc: 'Which conversations.', personal: 'free_text', isNullable: false }),
    created_by: text({ doc: 'Who made it.', isRequired: true }),
    created_at: timestamp({ doc: 'When it was made.', isNullable: false }),
  },
});
