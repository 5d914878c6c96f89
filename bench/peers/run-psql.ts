import { spawn } from 'node:child_process';
import { open, stat } from 'node:fs/promises';

/** Debian's and everybody's; of any version, as it only passes bytes on. */
const PROGRAM = 'psql';

/** Whether the program is there at all. */
export function hasPsql(): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(PROGRAM, ['--version'], { stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

/**
 * Runs a script through psql, its output into a file. The time includes psql's own start (some milliseconds);
 * the file is not flushed to the disk, which favours psql.
 * @throws Error with what psql said
 */
export async function runPsql(
  url: string,
  script: string,
  target: string,
): Promise<{ seconds: number; bytes: number; path: string }> {
  const file = await open(target, 'w');
  try {
    const start = performance.now();
    const child = spawn(PROGRAM, ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', url], {
      stdio: ['pipe', file.fd, 'pipe'],
    });
    let said = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stdin!.end(script);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0) throw new Error(`psql ended with ${code}: ${said}`);
    const seconds = (performance.now() - start) / 1000;
    return { seconds, bytes: (await stat(target)).size, path: target };
  } finally {
    await file.close();
  }
}
