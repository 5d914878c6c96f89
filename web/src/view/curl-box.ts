import { h } from './h.ts';

/** A button that copies the request for a shell, and the place that then shows it. */
export function curlBox(command: () => string | undefined): { button: HTMLElement; element: HTMLElement } {
  const button = h('button', { type: 'button' }, 'Copy as curl');
  const said = h('p', { class: 'small' });
  const shown = h('pre', { tabindex: 0, role: 'group', 'aria-label': 'curl command' });
  const box = h('div', { class: 'curl' });

  async function show(text: string): Promise<void> {
    const isCopied = await copy(text);
    shown.textContent = text;
    box.replaceChildren(said, shown);
    said.replaceChildren(
      isCopied ? 'Copied. ' : 'Your browser lets no page copy here; select it yourself. ',
      'It reads the key from ',
      h('code', {}, 'CONVEY_API_KEY'),
      ', so that your key stays out of the clipboard and the shell’s history.',
    );
  }
  button.addEventListener('click', () => {
    const text = command();
    if (text !== undefined) void show(text);
  });
  return { button, element: h('div', { role: 'status' }, box) };
}

/** Pages may copy only on https and localhost, and where the person allows it. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
