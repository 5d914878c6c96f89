import type { ApiKeyScope, Role } from '../../src/access/permissions.ts';

// What the matrix expects, written down a second time and by hand, so that a mistake in permissions.ts shows.

const ALL: Role[] = ['owner', 'admin', 'editor', 'agent', 'viewer'];
const ALL_SCOPES: ApiKeyScope[] = [
  ...(['ingest', 'export:read', 'export:create', 'contacts:read', 'conversations:read'] as const),
  ...(['privacy:erase', 'audit:read', 'admin'] as const),
];

/** One line of the contract's table (§5), with the key scopes of §2. */
export interface ContractRow {
  roles: readonly Role[];
  /** Each is enough for a key; `admin` too, but where keys are barred. */
  scopes: readonly ApiKeyScope[];
  /** Editors only as far as their audiences reach. */
  isByAudience?: true;
  /** Only with this feature in the plan. */
  feature?: string;
}

/** The contract's table. */
export const contract = {
  who: { roles: ALL, scopes: ALL_SCOPES },
  ingest: { roles: [], scopes: ['ingest', 'admin'] },
  importRecords: { roles: ['owner', 'admin'], scopes: ['ingest', 'admin'] },
  readContacts: { roles: ALL, scopes: ['contacts:read', 'admin'], isByAudience: true },
  readConversations: { roles: ALL, scopes: ['conversations:read', 'admin'], isByAudience: true },
  exportAll: { roles: ['owner', 'admin'], scopes: ['export:create', 'admin'] },
  exportConversations: {
    roles: ['owner', 'admin', 'editor'],
    scopes: ['export:create', 'admin'],
    isByAudience: true,
  },
  exportConversation: {
    roles: ['owner', 'admin', 'editor', 'agent'],
    scopes: ['export:create', 'admin'],
    isByAudience: true,
  },
  exportContact: { roles: ['owner', 'admin', 'agent'], scopes: ['export:create', 'admin'] },
  orderExports: {
    roles: ['owner', 'admin', 'editor', 'agent'],
    scopes: ['export:create', 'admin'],
    isByAudience: true,
  },
  seeExports: {
    roles: ['owner', 'admin', 'editor', 'agent'],
    scopes: ['export:read', 'export:create', 'admin'],
    isByAudience: true,
  },
  shareExports: {
    roles: ['owner', 'admin', 'editor'],
    scopes: ['export:create', 'admin'],
    isByAudience: true,
  },
  readAudit: { roles: ['owner', 'admin'], scopes: ['audit:read', 'admin'] },
  exportAudit: { roles: ['owner', 'admin'], scopes: ['audit:read', 'admin'], feature: 'audit_export.use' },
  administer: { roles: ['owner', 'admin'], scopes: ['admin'] },
  administerPeople: { roles: ['owner', 'admin'], scopes: [] },
  own: { roles: ALL, scopes: [] },
} as const satisfies Record<string, ContractRow>;

export type RowName = keyof typeof contract;

/**
 * What a workspace where “exports are for owners only” sets, and what it makes of the table above. Reading the audit
 * log is taken as well, and exporting it, which is not named, goes with it.
 */
export const OWNERS_EXPORT = {
  tightening: {
    ...Object.fromEntries(
      ['workspace', 'contacts', 'conversations', 'conversation', 'contact', 'order', 'read'].map((what) => [
        `export.${what}`,
        ['owner'],
      ]),
    ),
    'audit.read': ['owner'],
  },
  rows: [
    ...(['exportAll', 'exportConversations', 'exportConversation', 'exportContact'] as const),
    ...(['orderExports', 'seeExports', 'shareExports', 'readAudit', 'exportAudit'] as const),
  ] satisfies RowName[],
};

/** Things with ids; the test knows one of its own and one of a foreign workspace. */
export type Thing =
  | 'contact'
  | 'conversation'
  | 'file'
  | 'import'
  | 'export'
  | 'schedule'
  | 'fieldSet'
  | 'savedView'
  | 'apiKey'
  | 'member'
  | 'invitation'
  | 'webhook'
  | 'delivery'
  | 'mail'
  | 'session';

/** How the matrix asks one operation. */
export interface Case {
  row: RowName;
  /** A body that is taken, or a text with its media type. */
  body?: object | { text: string; type: string };
  /** What stands for `{…}` in the path: a thing, or a word as it is. */
  path?: Readonly<Record<string, Thing | `=${string}`>>;
  query?: string;
  /** The permission that a refusal names, where the handler asks for more than the route. */
  names?: string;
}

/** Every operation that is not public. One that is missing here fails the matrix. */
export const cases: Readonly<Record<string, Case>> = {
  getWhoami: { row: 'who' },
  getExportOptions: { row: 'who' },
  listPermissions: { row: 'who' },

  ingest: { row: 'ingest', body: { text: '', type: 'application/x-ndjson' } },
  listPending: { row: 'ingest' },
  listIngestRequests: { row: 'importRecords' },
  putFileContent: {
    row: 'ingest',
    path: { id: 'file' },
    body: { text: 'x', type: 'application/octet-stream' },
  },

  listImports: { row: 'importRecords' },
  createImport: { row: 'importRecords', body: { source: 'files' } },
  getImport: { row: 'importRecords', path: { id: 'import' } },
  stopImport: { row: 'importRecords', path: { id: 'import' } },
  getRejectedLines: { row: 'importRecords', path: { id: 'import' } },
  putImportFile: {
    row: 'importRecords',
    path: { id: 'import', name: '=x.csv' },
    body: { text: 'x', type: 'application/octet-stream' },
  },
  previewImport: { row: 'importRecords', path: { id: 'import' }, body: { file: 'x.csv' } },
  startImport: { row: 'importRecords', path: { id: 'import' }, body: { file: 'x', format: 'convey' } },
  listRecordTypes: { row: 'importRecords' },

  listContacts: { row: 'readContacts' },
  getContact: { row: 'readContacts', path: { id: 'contact' } },
  listContactTickets: { row: 'readConversations', path: { id: 'contact' } },
  listContactFiles: { row: 'readConversations', path: { id: 'contact' } },
  listConversations: { row: 'readConversations' },
  getConversation: { row: 'readConversations', path: { id: 'conversation' } },
  listMessages: { row: 'readConversations', path: { id: 'conversation' } },
  listEvents: { row: 'readConversations', path: { id: 'conversation' } },
  listConversationFiles: { row: 'readConversations', path: { id: 'conversation' } },
  getFileContent: { row: 'readConversations', path: { id: 'file' } },
  listFilterValues: { row: 'readConversations' },
  listSavedViews: { row: 'readConversations' },
  createSavedView: { row: 'readConversations', body: { name: 'New', filter: { status: 'open' } } },
  changeSavedView: { row: 'readConversations', path: { id: 'savedView' }, body: { name: 'Newer' } },
  deleteSavedView: { row: 'readConversations', path: { id: 'savedView' } },

  exportWorkspace: { row: 'exportAll' },
  exportContacts: { row: 'exportAll' },
  exportConversations: { row: 'exportConversations' },
  exportConversation: { row: 'exportConversation', path: { id: 'conversation' } },
  exportContact: { row: 'exportContact', path: { id: 'contact' } },
  createExport: { row: 'orderExports', body: { kind: 'conversation', id: 'v1' } },
  previewExport: { row: 'orderExports', query: 'kind=conversation&id=v1' },
  previewOrder: { row: 'orderExports', body: { kind: 'conversation', id: 'v1' } },
  deleteExport: { row: 'orderExports', path: { id: 'export' } },
  rerunExport: { row: 'orderExports', path: { id: 'export' }, body: {} },
  createConversationsExport: { row: 'exportConversations', body: { ids: ['v1'] } },
  getConversationsExport: { row: 'seeExports', path: { id: 'export' } },
  listFieldSets: { row: 'orderExports' },
  createFieldSet: { row: 'orderExports', body: { name: 'New', fields: ['tags'] } },
  changeFieldSet: { row: 'orderExports', path: { id: 'fieldSet' }, body: { name: 'Newer' } },
  deleteFieldSet: { row: 'orderExports', path: { id: 'fieldSet' } },
  listExports: { row: 'seeExports' },
  getExport: { row: 'seeExports', path: { id: 'export' } },
  getExportContents: { row: 'seeExports', path: { id: 'export' } },
  getExportPackage: { row: 'seeExports', path: { id: 'export' } },
  getExportFile: { row: 'seeExports', path: { id: 'export', name: '=manifest.json' } },
  getExportReceipt: { row: 'seeExports', path: { id: 'export' } },
  getLastExports: { row: 'seeExports' },
  summarizeExports: { row: 'seeExports' },
  watchExport: { row: 'seeExports', path: { id: 'export' }, query: 'seconds=0' },
  watchExports: { row: 'seeExports', query: 'seconds=0' },
  extendExport: { row: 'orderExports', path: { id: 'export' }, body: { days: 1 } },
  createExportLink: { row: 'shareExports', path: { id: 'export' }, body: {} },
  listExportLinks: { row: 'shareExports', path: { id: 'export' } },
  revokeExportLink: { row: 'shareExports', path: { id: 'export', link: '=lnk_none' } },

  listSchedules: { row: 'exportAll' },
  createSchedule: {
    row: 'exportAll',
    body: { name: 'Daily', cron: '30 2 * * *', request: { kind: 'conversations' } },
  },
  previewSchedule: { row: 'exportAll', query: 'cron=30+2+*+*+*' },
  getSchedule: { row: 'exportAll', path: { id: 'schedule' } },
  changeSchedule: { row: 'exportAll', path: { id: 'schedule' }, body: { name: 'Nightly' } },
  deleteSchedule: { row: 'exportAll', path: { id: 'schedule' } },
  pauseSchedule: { row: 'exportAll', path: { id: 'schedule' } },
  resumeSchedule: { row: 'exportAll', path: { id: 'schedule' } },
  restartSchedule: { row: 'exportAll', path: { id: 'schedule' } },
  runSchedule: { row: 'exportAll', path: { id: 'schedule' } },
  listScheduleOccurrences: { row: 'exportAll', path: { id: 'schedule' } },

  listMembers: { row: 'administer' },
  listInvitations: { row: 'administer' },
  getInvitation: { row: 'administer', path: { id: 'invitation' } },
  inviteMember: { row: 'administerPeople', body: { email: 'new@example.com', role: 'viewer' } },
  withdrawInvitation: { row: 'administerPeople', path: { id: 'invitation' } },
  changeMember: { row: 'administerPeople', path: { user_id: 'member' }, body: { role: 'viewer' } },
  // Every member may leave; for somebody else, as here, it is administration.
  removeMember: { row: 'administerPeople', path: { user_id: 'member' }, names: 'members.manage' },
  listApiKeys: { row: 'administer' },
  createApiKey: { row: 'administer', body: { name: 'New', scopes: ['ingest'] } },
  revokeApiKey: { row: 'administer', path: { id: 'apiKey' } },
  getSettings: { row: 'administer' },
  changeSettings: { row: 'administer', body: { requires_second_factor: false } },
  getBrand: { row: 'administer' },
  changeBrand: { row: 'administer', body: { color: '#2f5d8a' } },
  getLogo: { row: 'administer' },
  putLogo: { row: 'administer', body: { text: 'not an image', type: 'image/png' } },
  deleteLogo: { row: 'administer' },

  listWebhookEvents: { row: 'administer' },
  listWebhooks: { row: 'administer' },
  createWebhook: { row: 'administer', body: { url: 'http://127.0.0.1:9/hook', events: ['export.ready'] } },
  getWebhook: { row: 'administer', path: { id: 'webhook' } },
  changeWebhook: { row: 'administer', path: { id: 'webhook' }, body: { description: 'Changed' } },
  deleteWebhook: { row: 'administer', path: { id: 'webhook' } },
  rotateWebhookSecret: { row: 'administer', path: { id: 'webhook' } },
  testWebhook: { row: 'administer', path: { id: 'webhook' } },
  listWebhookDeliveries: { row: 'administer', path: { id: 'webhook' } },
  replayWebhookDelivery: { row: 'administer', path: { id: 'webhook', delivery_id: 'delivery' } },
  replayFailedDeliveries: {
    row: 'administer',
    path: { id: 'webhook' },
    body: { since: '2026-01-01T00:00:00.000Z' },
  },
  listMails: { row: 'administer' },

  listAuditEvents: { row: 'readAudit' },
  listAuditActions: { row: 'readAudit' },
  verifyAuditLog: { row: 'readAudit' },
  listAuditCheckpoints: { row: 'readAudit' },
  exportAuditLog: { row: 'exportAudit' },

  getSession: { row: 'own' },
  signOut: { row: 'own' },
  switchWorkspace: { row: 'own', body: { workspace: 'nowhere' } },
  listSessions: { row: 'own' },
  listNotices: { row: 'own' },
  readNotices: { row: 'own', body: {} },
  endSession: { row: 'own', path: { id: 'session' } },
  endSessions: { row: 'own' },
  changePassword: {
    row: 'own',
    body: { current_password: 'not the password', new_password: 'quiet-lantern-forty-two' },
  },
  setUpSecondFactor: { row: 'own', body: {} },
  confirmSecondFactor: { row: 'own', body: { setup_id: 'x', code: '000000' } },
  removeSecondFactor: { row: 'own', body: { code: '000000' } },
  renewRecoveryCodes: { row: 'own', body: { code: '000000' } },
  changeProfile: { row: 'own', body: {} },
};
