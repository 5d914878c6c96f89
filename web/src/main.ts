import { fetchWhoami } from './api.ts';
import { Failure } from './failure.ts';
import { forgetKey, readKey, saveKey } from './key-store.ts';
import { h } from './view/h.ts';
import { signInView } from './view/sign-in.ts';
import { workspaceView } from './view/workspace.ts';

const content = document.querySelector<HTMLElement>('#content')!;

/** Shows a view, and puts the focus where one goes on, so that a screen reader says where one is. */
function show(view: HTMLElement, { title = '', focus = '' }): void {
  document.title = title === '' ? 'Convey' : `${title} – Convey`;
  content.replaceChildren(view);
  if (focus !== '') view.querySelector<HTMLElement>(focus)?.focus();
}

/** Tries the key; shows what it opens, or why it does not. */
async function enter(key: string): Promise<void> {
  try {
    const whoami = await fetchWhoami(key);
    saveKey(key);
    const onLeave = () => {
      forgetKey();
      show(signInView({ onKey: enter }), { focus: 'h1' });
    };
    show(workspaceView({ key, whoami, onLeave }), { title: whoami.workspace.name, focus: 'h1' });
  } catch (error) {
    const failure = Failure.of(error);
    if (failure.status === 401) forgetKey();
    // Kept in the field: most often it was mistyped, or the server is away for a moment.
    show(signInView({ key, failure, onKey: enter }), { focus: 'input' });
  }
}

const kept = readKey();
if (kept === undefined) {
  show(signInView({ onKey: enter }), {});
} else {
  content.replaceChildren(h('p', { class: 'soft', role: 'status' }, 'Checking your API key …'));
  void enter(kept);
}
