import { fetchWhoami } from './api.ts';
import { Failure } from './failure.ts';
import { forgetKey, readKey, saveKey } from './key-store.ts';
import { h } from './view/h.ts';
import { signInView } from './view/sign-in.ts';
import { workspaceView } from './view/workspace.ts';

const content = document.querySelector<HTMLElement>('#content')!;

/** Shows a view; its heading gets the focus, so that a screen reader says where one is. */
function show(title: string, view: HTMLElement, focus = true): void {
  document.title = title === '' ? 'Convey' : `${title} – Convey`;
  content.replaceChildren(view);
  if (focus) view.querySelector<HTMLElement>('h1')?.focus();
}

function showSignIn(options: { key?: string; failure?: Failure } = {}, focus = true): void {
  show('', signInView({ ...options, onKey: enter }), focus);
}

/** Tries the key; shows what it opens, or why it does not. */
async function enter(key: string): Promise<void> {
  try {
    const whoami = await fetchWhoami(key);
    saveKey(key);
    const onLeave = () => {
      forgetKey();
      showSignIn();
    };
    show(whoami.workspace.name, workspaceView({ key, whoami, onLeave }));
  } catch (error) {
    const failure = Failure.of(error);
    if (failure.status === 401) forgetKey();
    // Kept in the field: most often it was mistyped, or the server is away for a moment.
    showSignIn({ key, failure }, false);
  }
}

const kept = readKey();
if (kept === undefined) {
  showSignIn({}, false);
} else {
  content.replaceChildren(h('p', { class: 'soft', role: 'status' }, 'Checking your API key …'));
  void enter(kept);
}
