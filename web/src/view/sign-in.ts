import type { Failure } from '../failure.ts';
import { cleanKey } from '../key-store.ts';
import { failureNote } from './failure-note.ts';
import { h, uniqueId } from './h.ts';

export interface SignInOptions {
  /** A key that did not work. */
  key?: string;
  failure?: Failure;
  /** Called with a key that looks like one. Settles when it was tried. */
  onKey: (key: string) => Promise<void>;
}

/**
 * Asks for an API key. The field has no name, so that nothing could ever put the key into an address, and is
 * no password field, so that no browser offers to keep it.
 */
export function signInView({ key, failure, onKey }: SignInOptions): HTMLElement {
  const [id, helpId] = [uniqueId('key'), uniqueId('help')];
  const input = h('input', {
    id,
    class: 'secret',
    type: 'text',
    required: true,
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    'aria-describedby': helpId,
    'aria-invalid': failure === undefined ? undefined : 'true',
  });
  input.value = key ?? '';
  input.addEventListener('input', () => input.setCustomValidity(''));

  const reveal = h('button', { type: 'button', class: 'quiet', 'aria-pressed': 'false' }, 'Show');
  reveal.addEventListener('click', () => {
    const isShown = input.classList.toggle('secret');
    reveal.setAttribute('aria-pressed', String(!isShown));
    reveal.textContent = isShown ? 'Show' : 'Hide';
  });

  const submit = h('button', { type: 'submit', class: 'primary' }, 'Continue');
  const form = h(
    'form',
    { class: 'panel sign-in', method: 'post' },
    h('label', { for: id }, 'API key'),
    h('div', { class: 'joined' }, input, reveal),
    h(
      'p',
      { id: helpId, class: 'soft small' },
      'It stays in this browser tab until you close it, and goes only to this server.',
    ),
    failure &&
      failureNote(failure, failure.status === 401 ? 'This key does not open anything here.' : undefined),
    submit,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const cleaned = cleanKey(input.value);
    if (cleaned === undefined) {
      input.setCustomValidity('An API key begins with ak_ and has letters, digits and underscores.');
      input.reportValidity();
      return;
    }
    if (submit.getAttribute('aria-disabled') === 'true') return;
    submit.setAttribute('aria-disabled', 'true');
    submit.textContent = 'Checking …';
    void onKey(cleaned);
  });

  return h(
    'div',
    { class: 'narrow' },
    h('h1', { tabindex: -1 }, 'Take your conversation data with you'),
    h(
      'p',
      { class: 'lead' },
      'Paste an API key to see what it may export: the whole workspace, contacts, conversations, or one person.',
    ),
    form,
    h(
      'p',
      { class: 'soft small' },
      'No key yet? Whoever runs this server makes one: ',
      h(
        'code',
        { class: 'command' },
        'npx convey key create -w <workspace> --name <name> --scopes export:create',
      ),
    ),
  );
}
