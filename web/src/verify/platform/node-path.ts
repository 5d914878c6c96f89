// Stands for `node:path` in a browser, as far as the verifier asks for it.

export const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export const join = (...parts: string[]): string => parts.filter((part) => part !== '').join('/');
