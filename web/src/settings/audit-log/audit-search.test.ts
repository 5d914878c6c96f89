import { expect, test } from 'vitest';
import { logQueryOf, readAuditSearch } from './audit-search.ts';

test('an address gives the filters that it holds, and nothing else', () => {
  const search = {
    actor: 'usr_1',
    action: 'export.*',
    from: '2026-03-01',
    to: 'soon',
    page: 3,
    event: 7,
    target: '',
  };
  expect(readAuditSearch(search)).toEqual({
    actor: 'usr_1',
    action: 'export.*',
    from: '2026-03-01',
    event: 7,
  });
});

test('both days are included, as the viewer’s calendar has them', () => {
  const { from, to } = logQueryOf({ from: '2026-03-01', to: '2026-03-31', event: 7 });
  expect(new Date(from!)).toEqual(new Date(2026, 2, 1));
  expect(new Date(to!)).toEqual(new Date(2026, 3, 1));
  expect(logQueryOf({ outcome: 'denied', event: 7 })).toEqual({ outcome: 'denied' });
});
