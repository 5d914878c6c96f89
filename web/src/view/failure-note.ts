import type { Failure } from '../failure.ts';
import { h } from './h.ts';

/**
 * What went wrong, in words first; below, the code and ids by which an operator finds it. `lead` stands in for
 * a title that speaks to programmers.
 */
export function failureNote(failure: Failure, lead?: string): HTMLElement {
  const { code, title, detail, errors = [], requestId, exportId, retryAfterSeconds } = failure;
  const isFromServer = !code.startsWith('web.');
  return h(
    'div',
    { class: 'note note-bad', role: 'alert' },
    h('p', { class: 'note-title' }, lead ?? title),
    detail === undefined ? undefined : h('p', {}, detail),
    errors.length === 0
      ? undefined
      : h('ul', {}, ...errors.map((one) => h('li', {}, h('code', {}, one.pointer), ` ${one.detail}`))),
    retryAfterSeconds === undefined ? undefined : h('p', {}, `Try again in ${seconds(retryAfterSeconds)}.`),
    factList([
      [
        'Code',
        isFromServer ? h('a', { href: `/problems/${code}` }, h('code', {}, code)) : h('code', {}, code),
      ],
      ['Request', requestId],
      ['Export', exportId],
    ]),
  );
}

function seconds(count: number): string {
  return count === 1 ? '1 second' : `${count} seconds`;
}

/** Names and values, without those that have none. */
export function factList(facts: readonly (readonly [string, Node | string | undefined])[]): HTMLElement {
  const rows = facts.flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [
      h('div', {}, h('dt', {}, name), h('dd', {}, typeof value === 'string' ? h('code', {}, value) : value)),
    ];
  });
  return h('dl', { class: 'facts' }, ...rows);
}
