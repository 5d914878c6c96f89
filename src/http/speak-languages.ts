import type { FastifyReply, FastifyRequest } from 'fastify';
import { chooseLanguage, type Language } from '../texts/choose-language.ts';
import { translate } from '../texts/translate.ts';
import type { App } from './route-config.ts';
import { findSentences, type Say, type SayAll } from './sentence.ts';

/** How to say a reply's sentences, and in which language. */
export interface Speech {
  language: Language;
  say: Say;
}

/** The language that a request asks for; the reply's headers tell it (RFC 9110 §8.5, §12.5.5). */
export function speechFor({ headers }: FastifyRequest, reply: FastifyReply): Speech {
  const language = chooseLanguage(headers['accept-language']);
  reply.header('vary', 'accept-language');
  if (language !== 'en') reply.header('content-language', language);
  return { language, say: (sentence) => translate(sentence, language) };
}

/**
 * Has every JSON reply say its sentences (`sentence()` in its schema) in the language that is asked for. What is sent as
 * bytes is left alone: files, manifests and receipts are in English, whoever fetches them.
 */
export function speakLanguages(app: App): void {
  app.addHook('onRoute', (route) => {
    const replies = new Map<number, SayAll>();
    for (const [status, schema] of Object.entries(route.schema?.response ?? {})) {
      const sayAll = findSentences(jsonOf(schema));
      if (sayAll !== undefined) replies.set(Number(status), sayAll);
    }
    if (replies.size === 0) return;
    const speak = async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
      const sayAll = replies.get(reply.statusCode);
      return sayAll === undefined ? payload : sayAll(payload, speechFor(request, reply).say);
    };
    route.preSerialization = [route.preSerialization ?? [], speak].flat() as never;
  });
}

/** The schema of a reply, or of its JSON where it has several forms. */
function jsonOf(response: unknown): unknown {
  const { content } = (response ?? {}) as { content?: Record<string, { schema?: unknown }> };
  return content === undefined ? response : content['application/json']?.schema;
}
