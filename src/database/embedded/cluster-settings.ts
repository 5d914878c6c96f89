import { statfsSync } from 'node:fs';
import { totalmem } from 'node:os';

const MIB = 1024 * 1024;

/** Memory this process may use, in bytes: the machine's, or its container's when that is less. */
function availableMemoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** Containers often come with 64 MB of /dev/shm, too little for a parallel query's shared memory. */
function hasRoomyShm(): boolean {
  if (process.platform !== 'linux') return true;
  try {
    const { bsize, blocks } = statfsSync('/dev/shm');
    return bsize * blocks >= 256 * MIB;
  } catch {
    return false;
  }
}

/** Settings of the embedded server, before any of the operator's. */
export function defaultSettings(
  memoryBytes = availableMemoryBytes(),
  isShmRoomy = hasRoomyShm(),
): Record<string, string> {
  const megabytes = (share: number, least: number, most: number) =>
    `${Math.round(Math.min(most, Math.max(least, (memoryBytes * share) / MIB)))}MB`;
  return {
    cluster_name: 'convey',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    password_encryption: 'scram-sha-256',
    shared_buffers: megabytes(1 / 8, 16, 256),
    effective_cache_size: megabytes(1 / 2, 64, 1024 * 1024),
    maintenance_work_mem: megabytes(1 / 32, 16, 128),
    dynamic_shared_memory_type: isShmRoomy ? 'posix' : 'mmap',
    wal_compression: 'pglz', // the packaged server is built without lz4
    checkpoint_timeout: '15min',
    max_wal_size: '2GB',
    jit: 'off',
    timezone: 'UTC',
    datestyle: 'iso, mdy',
    default_text_search_config: 'pg_catalog.simple',
    lc_messages: 'C',
    // A Convey that was killed must not leave its long queries and their locks behind.
    client_connection_check_interval: '10s',
    // The server's log must hold no personal data: statements, parameters, and the errors and details that
    // quote them, go to the client alone.
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    log_autovacuum_min_duration: '-1',
    log_checkpoints: 'off',
  };
}

/** The text of postgresql.conf: the defaults, and over them `overrides`. Throws on a name that is none. */
export function settingsFile(overrides: Record<string, string> = {}): string {
  const settings = { ...defaultSettings(), ...overrides };
  const lines = Object.entries(settings).map(([name, value]) => {
    if (!/^[a-z_][a-z0-9_.]*$/i.test(name) || /[\r\n\0]/.test(value)) {
      throw new Error(`"${name}" is no setting of PostgreSQL, or its value holds a line break`);
    }
    return `${name} = '${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'\n`;
  });
  return `# Written by Convey at every start; changes made here are lost.\n${lines.join('')}`;
}

/** The text of pg_hba.conf: a password, from this machine, over TCP; nothing else. */
export const ACCESS_FILE = `# Written by Convey at every start; changes made here are lost.
host all all 127.0.0.1/32 scram-sha-256
`;
