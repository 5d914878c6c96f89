import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { ConveyError } from '../errors.ts';
import { noSuchRoute } from './http.errors.ts';
import type { App } from './route-config.ts';

interface Page {
  path: string;
  title: string;
  text: string;
}

/** The user docs as Markdown under `/docs`, with an index for people and one for programs (`/llms.txt`). */
export async function registerDocs(app: App, docsDir: string, publicUrl: string): Promise<void> {
  const pages = await readPages(docsDir);
  const lines = [...pages.values()].map(({ path, title }) => `- [${title}](${publicUrl}/docs/${path})\n`);
  const index = `# Convey\n\n> Gets conversation data out, and makes it go away, in ways that can be checked.\n\n## Docs\n\n${lines.join('')}- [OpenAPI](${publicUrl}/openapi.json)\n`;
  const response = { 200: { content: { 'text/markdown': { schema: z.string() } } } };

  for (const [url, operation] of [
    ['/llms.txt', 'getLlmsTxt'],
    ['/docs', 'listDocs'],
  ] as const) {
    app.get(
      url,
      { config: { operation }, schema: { tags: ['docs'], summary: 'The docs, listed', response } },
      async (_request, reply) => reply.type('text/markdown; charset=utf-8').send(index),
    );
  }
  app.get(
    '/docs/*',
    {
      config: { operation: 'getDocsPage' },
      schema: {
        hide: true, // OpenAPI has no word for a path of several segments
        tags: ['docs'],
        summary: 'One page of the docs',
        params: z.object({ '*': z.string() }),
        response,
      },
    },
    async (request, reply) => {
      const page = pages.get(request.params['*']);
      if (page === undefined) throw new ConveyError(noSuchRoute);
      return reply.type('text/markdown; charset=utf-8').send(page.text);
    },
  );
}

/** Read once, and looked up by name: no path from a request ever reaches the file system. */
async function readPages(docsDir: string): Promise<Map<string, Page>> {
  const found = await readdir(docsDir, { recursive: true, withFileTypes: true });
  const paths = found
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map(({ parentPath, name }) => relative(docsDir, join(parentPath, name)).replaceAll(sep, '/'))
    .sort();
  const pages = new Map<string, Page>();
  for (const path of paths) {
    const text = await readFile(join(docsDir, path), 'utf8');
    pages.set(path, { path, title: /^# (.+)$/m.exec(text)?.[1] ?? path, text });
  }
  return pages;
}
