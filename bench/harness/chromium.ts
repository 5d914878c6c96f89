import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** A browser that prints pages, kept running. */
export interface Chromium {
  version: string;
  /** A page's HTML as a PDF. */
  print(html: string): Promise<Buffer>;
  close(): Promise<void>;
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-sync',
  '--no-first-run',
  '--remote-debugging-pipe',
];

/**
 * Starts Chromium and talks to it over its DevTools protocol, by pipe: JSON messages that end in a NUL, in on
 * descriptor 3, out on 4.
 * @param program its name or path
 * @param profile an empty folder
 */
export async function openChromium(program: string, profile: string): Promise<Chromium> {
  const browser = spawn(program, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ask = connect(browser);
  const { product } = await ask<{ product: string }>('Browser.getVersion');
  const { targetId } = await ask<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await ask<{ sessionId: string }>('Target.attachToTarget', {
    targetId,
    flatten: true,
  });
  const { frameTree } = await ask<{ frameTree: { frame: { id: string } } }>(
    'Page.getFrameTree',
    {},
    sessionId,
  );
  return {
    version: product,
    async print(html) {
      await ask('Page.setDocumentContent', { frameId: frameTree.frame.id, html }, sessionId);
      const { data } = await ask<{ data: string }>(
        'Page.printToPDF',
        { paperWidth: 8.27, paperHeight: 11.69, printBackground: true },
        sessionId,
      );
      return Buffer.from(data, 'base64');
    },
    async close() {
      await ask('Browser.close');
      if (browser.exitCode === null) await once(browser, 'exit');
    },
  };
}

type Ask = <Answer>(method: string, params?: object, sessionId?: string) => Promise<Answer>;

interface Reply {
  id?: number;
  result?: unknown;
  error?: { message: string };
}

function connect(browser: ChildProcess): Ask {
  const [, , , out, into] = browser.stdio as unknown as [null, null, null, Writable, Readable];
  const waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  const failAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  browser.on('error', failAll);
  browser.on('exit', () => failAll(new Error('Chromium ended')));
  out.on('error', failAll);
  const pieces: Buffer[] = [];
  into.on('data', (chunk: Buffer) => {
    let rest = chunk;
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      const text = Buffer.concat([...pieces.splice(0), rest.subarray(0, end)]).toString();
      rest = rest.subarray(end + 1);
      const { id, result, error } = JSON.parse(text) as Reply;
      const asked = id === undefined ? undefined : waiting.get(id);
      if (id === undefined || asked === undefined) continue; // an event
      waiting.delete(id);
      if (error === undefined) asked.resolve(result as never);
      else asked.reject(new Error(error.message));
    }
    pieces.push(rest);
  });
  let last = 0;
  return (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      out.write(
        `${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`,
      );
    });
}
