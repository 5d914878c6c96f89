import { h, uniqueId } from './h.ts';

interface TextFieldOptions {
  label: string;
  help?: string;
  type?: 'text' | 'date';
  required?: boolean;
}

interface TextField {
  element: HTMLElement;
  value: () => string;
  /** Says what is wrong and takes the focus; an empty text takes it back. */
  complain: (text: string) => void;
}

/** A labelled field. It reads without spaces at its ends, which pasting often brings along. */
export function textField({ label, help, type = 'text', required = false }: TextFieldOptions): TextField {
  const [id, helpId, errorId] = [uniqueId('field'), uniqueId('help'), uniqueId('error')];
  const input = h('input', {
    id,
    type,
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    'aria-required': required ? 'true' : undefined,
    'aria-describedby': help === undefined ? errorId : `${errorId} ${helpId}`,
  });
  const error = h('p', { id: errorId, class: 'wrong small' });
  error.hidden = true;
  const complain = (text: string) => {
    error.textContent = text;
    error.hidden = text === '';
    if (text === '') return input.removeAttribute('aria-invalid');
    input.setAttribute('aria-invalid', 'true');
    input.focus();
  };
  input.addEventListener('input', () => complain(''));
  const element = h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    input,
    help === undefined ? undefined : h('p', { id: helpId, class: 'soft small' }, help),
    error,
  );
  return { element, value: () => input.value.trim(), complain };
}
