import type { Filter } from '../export-address.ts';
import { h } from './h.ts';
import { textField } from './text-field.ts';

const STATES = ['open', 'claimed', 'assigned', 'waiting', 'escalated', 'snoozed', 'resolved', 'archived'];
const NO_FILTER = 'Filter · none, all conversations';

interface FilterFields {
  element: HTMLElement;
  /** The filter; undefined when its dates contradict each other, which the field then says. */
  read: () => Filter | undefined;
}

/** Which conversations (V-17, V-18). Folded away at first: most often all are wanted. */
export function filterFields(): FilterFields {
  const states = STATES.map((value) => h('input', { type: 'checkbox', value }));
  const channel = textField({ label: 'Channel', help: 'Any of these, with commas between.' });
  const tag = textField({ label: 'Tag', help: 'All of these, with commas between.' });
  const since = textField({ label: 'Begun on or after', type: 'date', help: 'Days are in UTC.' });
  const until = textField({ label: 'Begun before', type: 'date', help: 'This day is left out.' });
  const summary = h('summary', {}, NO_FILTER);

  const collect = (): Filter => {
    const status = states.filter(({ checked }) => checked).map(({ value }) => value);
    const [channels, tags] = [splitList(channel.value()), splitList(tag.value())];
    return {
      ...(status.length > 0 && { status }),
      ...(channels.length > 0 && { channel: channels }),
      ...(tags.length > 0 && { tag: tags }),
      ...(since.value() !== '' && { since: since.value() }),
      ...(until.value() !== '' && { until: until.value() }),
    };
  };
  const element = h(
    'details',
    {},
    summary,
    h(
      'div',
      { class: 'filter' },
      h(
        'fieldset',
        { class: 'wide' },
        h('legend', {}, 'Status'),
        h(
          'div',
          { class: 'checks' },
          ...states.map((input) => h('label', {}, input, h('span', {}, input.value))),
        ),
      ),
      channel.element,
      tag.element,
      since.element,
      until.element,
    ),
  );
  // Folded, the filter is still at work: its summary says so.
  element.addEventListener('input', () => {
    const names = Object.keys(collect());
    summary.textContent = names.length === 0 ? NO_FILTER : `Filter · by ${names.join(', ')}`;
  });

  return {
    element,
    read: () => {
      const filter = collect();
      const isEmpty =
        filter.since !== undefined && filter.until !== undefined && filter.until <= filter.since;
      if (isEmpty) element.open = true; // a closed one cannot take the focus
      until.complain(isEmpty ? 'This is not after the first day, so there is nothing in between.' : '');
      return isEmpty ? undefined : filter;
    },
  };
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
