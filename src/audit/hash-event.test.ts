import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { type ChainedEvent, hashBody, hashEvent, NO_BODY, NO_PREDECESSOR } from './hash-event.ts';

const event: ChainedEvent = {
  workspace_id: 'wsp_1',
  seq: 1,
  at: '2026-11-21T10:00:00.000Z',
  actor: { type: 'user', ref: 'usr_1' },
  action: 'export.requested',
  target: { type: 'export', ref: 'exp_1' },
  outcome: 'success',
  interface: 'api',
  details: { format: 'csv' },
};
const CANONICAL =
  '{"action":"export.requested","actor":{"ref":"usr_1","type":"user"},"at":"2026-11-21T10:00:00.000Z",' +
  '"details":{"format":"csv"},"interface":"api","outcome":"success","seq":1,' +
  '"target":{"ref":"exp_1","type":"export"},"workspace_id":"wsp_1"}';

/** Another program's answer, so that the format does not only agree with itself. */
function sha256sum(...lines: string[]): string {
  return execFileSync('sha256sum', { input: lines.join('\n') })
    .toString()
    .slice(0, 64);
}

test('anybody can recompute a hash with sha256sum', () => {
  const body = { subject_ref: 'con_1', body: { ip: '203.0.113.9' } };
  const bodyHash = sha256sum(
    'convey.audit.body.v1',
    'ab12',
    '{"body":{"ip":"203.0.113.9"},"subject_ref":"con_1"}',
  );
  expect(hashBody('ab12', body)).toBe(bodyHash);
  expect(hashEvent(NO_PREDECESSOR, event, bodyHash)).toBe(
    sha256sum('convey.audit.event.v1', NO_PREDECESSOR, CANONICAL, bodyHash),
  );
});

test('the form that is hashed never changes: old logs must go on verifying', () => {
  expect(hashEvent(NO_PREDECESSOR, event, NO_BODY)).toBe(
    '2c56ea557c205e4d1c6cc4d3c114607bb16bfe623c24eb9c92f32a83e2d9730c',
  );
  expect(hashBody('00'.repeat(32), { subject_ref: null, body: {} })).toBe(
    'd1f99d364bc477c94ec4c87a6199aa18485203130419829f979656772371d954',
  );
});
