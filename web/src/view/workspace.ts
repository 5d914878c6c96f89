import type { Whoami } from '../api.ts';
import { exportKinds, permissionTexts } from '../export-kinds.ts';
import { formatBytes } from '../format-amounts.ts';
import { canStreamToDisk, MEMORY_LIMIT_BYTES } from '../sinks.ts';
import { exportSection } from './export-section.ts';
import { h } from './h.ts';
import { RunningDownloads } from './running-downloads.ts';

export interface WorkspaceOptions {
  key: string;
  whoami: Whoami;
  /** The person is done with this key. */
  onLeave: () => void;
}

/** What the key opens: its workspace, what it may do, and an export per permission. */
export function workspaceView({ key, whoami, onLeave }: WorkspaceOptions): HTMLElement {
  const { workspace, principal, permissions } = whoami;
  const running = new RunningDownloads();
  const leave = h('button', { type: 'button' }, 'Forget this key');
  leave.addEventListener('click', () => {
    if (running.count > 0 && !confirm('A download is still running. Stop it and forget the key?')) return;
    running.stopAll();
    onLeave();
  });

  const allowed = exportKinds.filter(({ permission }) => permissions.includes(permission));
  const session = { key, workspaceSlug: workspace.slug, running };
  return h(
    'div',
    {},
    h(
      'div',
      { class: 'heading' },
      h('h1', { tabindex: -1 }, workspace.name),
      h(
        'p',
        { class: 'soft' },
        'Workspace ',
        h('code', {}, workspace.slug),
        ' · key ',
        h('b', {}, principal.name),
      ),
      leave,
    ),
    h('h2', { class: 'minor', id: 'may' }, 'This key may'),
    h(
      'ul',
      { class: 'chips', 'aria-labelledby': 'may' },
      ...permissions
        .filter((name) => name !== 'self.read')
        .map((name) => h('li', {}, permissionTexts[name] ?? name)),
    ),
    allowed.length === 0 ? noExports(workspace.slug) : undefined,
    allowed.length > 0 && !canStreamToDisk() ? memoryNote() : undefined,
    h('div', { class: 'panel exports' }, ...allowed.map((kind) => exportSection(kind, session))),
  );
}

function noExports(workspaceSlug: string): HTMLElement {
  return h(
    'div',
    { class: 'note' },
    h('p', { class: 'note-title' }, 'This key may not export anything.'),
    h('p', {}, 'Whoever runs this server makes one that may:'),
    h(
      'p',
      {},
      h(
        'code',
        { class: 'command' },
        `npx convey key create -w ${workspaceSlug} --name exports --scopes export:create`,
      ),
    ),
  );
}

function memoryNote(): HTMLElement {
  return h(
    'div',
    { class: 'note' },
    h(
      'p',
      {},
      h('b', {}, `Downloads here are limited to ${formatBytes(MEMORY_LIMIT_BYTES)}. `),
      'This browser cannot write a file while it arrives, so it holds the download in memory until it is whole. ',
      'For more, copy the curl command, or use Chrome or Edge over https.',
    ),
  );
}
