import { readdir } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConveyError } from '../errors.ts';
import { methodNotAllowed, noSuchRoute } from './http.errors.ts';
import { type App, isApiPath } from './route-config.ts';

/**
 * Whatever no route takes: a file of the web app, the web app itself for a page that it draws, 405 with
 * `Allow` where another method would be taken, else 404.
 */
export async function answerNotFound(app: App, webDir: string | undefined): Promise<void> {
  const routes: { pattern: RegExp; method: string }[] = [];
  app.addHook('onRoute', ({ url, method, config }) => {
    for (const one of [method].flat()) {
      if (one === 'HEAD' && config?.export) continue; // see check-routes.ts
      routes.push({ pattern: patternOf(url), method: one });
    }
  });
  const files = webDir === undefined ? new Set<string>() : await listFiles(webDir);
  if (webDir !== undefined) await app.register(fastifyStatic, { root: webDir, serve: false });

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0]!;
    const file = findFile(files, request, path);
    if (file !== undefined) return sendFile(reply, file);
    const allowed = [
      ...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)),
    ];
    if (allowed.length === 0) throw new ConveyError(noSuchRoute);
    reply.header('allow', allowed.join(', '));
    throw new ConveyError(methodNotAllowed, `It takes ${allowed.join(', ')}.`);
  });
}

function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part === '*') return '.*';
    if (part.startsWith(':')) return '[^/]+';
    return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}

/** Names of all files below a folder, as the address names them. A built web app does not change. */
async function listFiles(webDir: string): Promise<Set<string>> {
  const found = await readdir(webDir, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile());
  return new Set(
    files.map(({ parentPath, name }) =>
      `${relative(webDir, parentPath)}/${name}`.replaceAll(sep, '/').replace(/^\//, ''),
    ),
  );
}

function findFile(files: Set<string>, { method, headers }: FastifyRequest, path: string): string | undefined {
  if (files.size === 0 || isApiPath(path) || (method !== 'GET' && method !== 'HEAD')) return undefined;
  if (files.has(path.slice(1))) return path.slice(1);
  const isPage = headers.accept?.includes('text/html') && !/\.[a-z0-9]+$/i.test(path);
  return isPage && files.has('index.html') ? 'index.html' : undefined;
}

function sendFile(reply: FastifyReply, file: string): FastifyReply {
  // The bundler puts a digest into the names of assets, so they never change; the page that names them does.
  const isAsset = file.startsWith('assets/');
  reply.removeHeader('cache-control');
  return reply.sendFile(file, { maxAge: isAsset ? '365d' : 0, immutable: isAsset, dotfiles: 'deny' });
}
