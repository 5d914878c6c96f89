import { expect, test } from 'vitest';
import type { JsonValue } from '../canonical-json.ts';
import { auditableJson } from './auditable-json.ts';

test('what is not canonical JSON is refused as unwritable, and nothing of it is told', () => {
  for (const value of [NaN, { at: new Date() }, ['secret \ud800']]) {
    expect(() => auditableJson(value as unknown as JsonValue)).toThrow(
      expect.objectContaining({
        code: 'audit.unwritable',
        message: expect.not.stringContaining('secret') as string,
      }),
    );
  }
  expect(auditableJson({ b: 1, a: [] })).toBe('{"a":[],"b":1}');
});
