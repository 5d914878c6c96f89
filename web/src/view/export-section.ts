import { asCurl, exportAddress, suggestFileName } from '../export-address.ts';
import type { ExportKind } from '../export-kinds.ts';
import { openSink } from '../sinks.ts';
import { Failure } from '../failure.ts';
import { curlBox } from './curl-box.ts';
import { exportFields } from './export-fields.ts';
import { h, uniqueId } from './h.ts';
import type { RunningDownloads } from './running-downloads.ts';
import { TransferPanel } from './transfer-panel.ts';

/** What all exports of the page share. */
export interface Session {
  key: string;
  workspaceSlug: string;
  running: RunningDownloads;
}

/** One kind of export: what it is, its choices, and its download. */
export function exportSection(kind: ExportKind, session: Session): HTMLElement {
  const titleId = uniqueId('export');
  const fields = exportFields(kind);
  const panel = new TransferPanel(session.running);
  const curl = curlBox(() => {
    const choice = fields.read();
    return choice && asCurl(exportAddress(choice), location.origin);
  });
  const download = h('button', { type: 'submit', class: 'primary', 'aria-describedby': titleId }, 'Download');
  const form = h(
    'form',
    { class: 'choices', 'aria-labelledby': titleId, novalidate: true },
    fields.element,
    h('div', { class: 'actions' }, download, curl.button),
    curl.element,
    panel.element,
  );

  async function start(): Promise<void> {
    const choice = fields.read();
    if (choice === undefined) return;
    const { fileType } = choice.form;
    const name = suggestFileName(kind.kind, fileType, session.workspaceSlug, new Date());
    const sink = await openSink(name, fileType);
    if (sink === undefined) return;
    await panel.run({ address: exportAddress(choice), key: session.key, fileType, sink });
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (download.getAttribute('aria-disabled') === 'true') return;
    download.setAttribute('aria-disabled', 'true');
    start()
      .catch((error: unknown) => panel.showFailure(Failure.of(error)))
      .finally(() => {
        download.removeAttribute('aria-disabled');
        if (panel.hadFocus) download.focus();
      });
  });

  return h(
    'section',
    { class: 'export', 'aria-labelledby': titleId },
    h(
      'div',
      { class: 'export-about' },
      h('h2', { id: titleId }, kind.title),
      h('p', { class: 'soft' }, kind.about),
    ),
    form,
  );
}
