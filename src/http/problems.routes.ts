import { z } from 'zod';
import { ConveyError, type ErrorKind, listErrorKinds } from '../errors.ts';
import type { Language } from '../texts/choose-language.ts';
import { noSuchRoute } from './http.errors.ts';
import type { App } from './route-config.ts';
import { sentence } from './sentence.ts';
import { speechFor } from './speak-languages.ts';

const kindSchema = z
  .object({ type: z.url(), code: z.string(), status: z.int(), title: sentence() })
  .meta({ id: 'ProblemKind', description: 'A kind of error.' });

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function page(language: Language, title: string, body: string): string {
  return `<!doctype html>\n<html lang="${language}"><meta charset="utf-8"><title>${title}</title>\n${body}</html>\n`;
}

/** A page for every error code: what `type` in a problem document leads to. JSON where that is asked for. */
export function registerProblemPages(app: App, publicUrl: string): void {
  const describe = ({ code, status, title }: ErrorKind) => ({
    type: `${publicUrl}/problems/${code}`,
    code,
    status,
    title,
  });
  app.get(
    '/problems',
    {
      config: { operation: 'listProblemKinds' },
      schema: {
        tags: ['server'],
        summary: 'Every error code',
        response: { 200: z.object({ problems: z.array(kindSchema) }) },
      },
    },
    async () => ({ problems: listErrorKinds().map(describe) }),
  );
  app.get(
    '/problems/:code',
    {
      config: { operation: 'getProblemKind' },
      schema: {
        tags: ['server'],
        summary: 'One error code',
        params: z.object({ code: z.string().max(100) }),
        response: {
          200: {
            description: 'What the code means.',
            content: { 'application/json': { schema: kindSchema }, 'text/html': { schema: z.string() } },
          },
        },
      },
    },
    async (request, reply) => {
      const kind = listErrorKinds().find(({ code }) => code === request.params.code);
      if (kind === undefined) throw new ConveyError(noSuchRoute);
      if (!request.headers.accept?.includes('text/html')) {
        return reply.type('application/json').send(describe(kind));
      }
      const { language, say } = speechFor(request, reply);
      const status = say(`HTTP status ${kind.status}.`);
      const body = `<h1>${kind.code}</h1>\n<p>${escapeHtml(say(kind.title))}</p>\n<p>${status} <a href="/problems">${say('All codes')}</a></p>\n`;
      return reply.type('text/html; charset=utf-8').send(page(language, kind.code, body));
    },
  );
}
