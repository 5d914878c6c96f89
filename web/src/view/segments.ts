import { h, uniqueId } from './h.ts';

/** A choice of one among few, side by side: radio buttons, so that keys and screen readers know them. */
export function segments(
  legend: string,
  options: readonly (readonly [value: string, label: string, help?: string])[],
  onChange?: () => void,
): { element: HTMLFieldSetElement; value: () => string } {
  const name = uniqueId('choice');
  const help = h('p', { class: 'soft small', 'aria-live': 'polite' });
  const inputs = options.map(([value], index) =>
    h('input', { type: 'radio', name, value, checked: index === 0 }),
  );
  const value = () => inputs.find(({ checked }) => checked)?.value ?? '';
  const showHelp = () => {
    help.textContent = options.find(([one]) => one === value())?.[2] ?? '';
  };
  showHelp();
  const element = h(
    'fieldset',
    {},
    h('legend', {}, legend),
    h(
      'div',
      { class: 'segments' },
      ...options.map(([, label], index) => h('label', {}, inputs[index], h('span', {}, label))),
    ),
    help.textContent === '' ? undefined : help,
  );
  element.addEventListener('change', () => {
    showHelp();
    onChange?.();
  });
  return { element, value };
}
