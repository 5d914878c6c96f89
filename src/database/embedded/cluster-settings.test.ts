import { expect, test } from 'vitest';
import { defaultSettings, settingsFile } from './cluster-settings.ts';

const GIB = 1024 ** 3;

test('memory settings fit the machine', () => {
  expect(defaultSettings(32 * GIB, true)).toMatchObject({
    shared_buffers: '256MB',
    effective_cache_size: '16384MB',
    dynamic_shared_memory_type: 'posix',
  });
  expect(defaultSettings(GIB / 4, false)).toMatchObject({
    shared_buffers: '32MB',
    maintenance_work_mem: '16MB',
    dynamic_shared_memory_type: 'mmap',
  });
});

test('a value cannot break out of its line', () => {
  expect(settingsFile({ search_path: "a'\\" })).toContain("search_path = 'a''\\\\'\n");
  expect(() => settingsFile({ work_mem: "1MB'\nfsync = off" })).toThrow(/line break/);
  expect(() => settingsFile({ 'work_mem = 1 #': '1' })).toThrow(/no setting/);
});
