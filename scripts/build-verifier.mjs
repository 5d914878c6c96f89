// Builds verifier/convey-verify.mjs: the verifier as one file, from the same sources as `convey verify`. tsc takes
// the types away and leaves code and comments; here the modules are put one behind the other.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = process.argv[2] ?? join(root, 'verifier', 'convey-verify.mjs');

const header = (modules) => `#!/usr/bin/env node
// The verifier of Convey's packages and receipts, in one file. It needs Node.js 20.19 or newer and nothing else:
//
//   node convey-verify.mjs <package.zip | folder | file> --key sha256:…        (--help says more)
//
// It reads what it is given and compares. It has no network access, starts no program and writes no file. What it
// checks is specified in docs/package.md. To compare it with Convey's sources, without their types: in a checkout,
// \`node scripts/build-verifier.mjs\` makes this file anew, byte by byte. Its parts, each of which builds on those
// before it:
//
${modules.map((name) => `//   src/${name}.ts`).join('\n')}

`;

/** Runs one of the project's tools and gives what it prints. */
function run(tool, args, input = '') {
  const options = { cwd: root, encoding: 'utf8', input, maxBuffer: 16 << 20 };
  const result = spawnSync(join(root, 'node_modules', '.bin', tool), args, options);
  if (result.status !== 0)
    throw new Error(`${tool} failed: ${result.error ?? result.stdout + result.stderr}`);
  return result.stdout;
}

/** The sources without types, as text by module (`verify/main`). */
function stripTypes(entry) {
  const folder = mkdtempSync(join(tmpdir(), 'convey-verifier-'));
  try {
    const language = '--target es2023 --module nodenext --types node --verbatimModuleSyntax';
    const rest = `--ignoreConfig --noCheck --rewriteRelativeImportExtensions --rootDir src src/${entry}.ts`;
    run('tsc', ['--outDir', folder].concat(language.split(' '), rest.split(' ')));
    const modules = new Map();
    collect(folder, entry, modules);
    return modules;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const IMPORT = /^import (\{[^}]*\}) from '([^']+)';\n/gm;

/** Adds a module behind all that it imports. */
function collect(folder, name, modules) {
  if (modules.has(name)) return;
  const text = readFileSync(join(folder, `${name}.js`), 'utf8');
  for (const [, , from] of text.matchAll(IMPORT)) {
    if (!from.startsWith('.')) continue;
    collect(folder, relative(folder, join(folder, dirname(name), from)).replace(/\.js$/, ''), modules);
  }
  modules.set(name, text);
}

/** Puts the modules together: what they import from Node on top, no other import, no export. */
function concatenate(modules) {
  const nodeImports = new Map();
  const declared = new Map();
  const parts = [];
  for (const [name, text] of modules) {
    for (const [, names, from] of text.matchAll(IMPORT)) {
      if (/ as /.test(names)) throw new Error(`${name} renames an import.`);
      if (from.startsWith('.')) continue;
      if (!from.startsWith('node:')) throw new Error(`${name} imports ${from}.`);
      for (const one of names.match(/\w+/g))
        nodeImports.set(from, (nodeImports.get(from) ?? new Set()).add(one));
    }
    const body = text
      .replace(IMPORT, '')
      .replace(/^export \{\};?\n/gm, '')
      .replace(/^export /gm, '');
    if (/^(import|export) /m.test(body))
      throw new Error(`${name} has an import or export that is not understood.`);
    for (const [, declaration] of body.matchAll(/^(?:async )?(?:function\*?|class|const|let) (\w+)/gm)) {
      if (declared.has(declaration))
        throw new Error(`${declaration} is in ${declared.get(declaration)} and ${name}.`);
      declared.set(declaration, name);
    }
    parts.push(`// ---- src/${name}.ts ${'-'.repeat(Math.max(3, 100 - name.length))}\n\n${body.trim()}\n`);
  }
  const imports = [...nodeImports].map(
    ([from, names]) => `import { ${[...names].join(', ')} } from '${from}';\n`,
  );
  return `${header([...modules.keys()])}${imports.join('')}\n${parts.join('\n')}`;
}

/** tsc drops blank lines: one goes before each function, class and method, above its comment. */
function spaceOut(text) {
  const lines = text.split('\n');
  const isComment = (line) => /^\s*(\/\/|\/\*|\*)/.test(line);
  const out = [];
  let isImport = true;
  for (const [index, line] of lines.entries()) {
    isImport &&= !line.startsWith('// ----');
    const previous = out.at(-1) ?? '';
    let code = index; // what the comment belongs to
    while (isComment(lines[code] ?? '')) code++;
    const opens =
      /^(?:async )?(?:function|class|try)\b/.test(lines[code]) ||
      /^ {4}(?!if|for|while|switch|return|throw)(?:async )?[#*\w]+\(.*\{\s*\}?$/.test(lines[code]) ||
      (/^(?:const|let)\b/.test(lines[code]) && (code > index || previous.startsWith('}')));
    if (!isImport && opens && previous !== '' && !isComment(previous) && !previous.endsWith('{'))
      out.push('');
    out.push(line);
  }
  return out.join('\n');
}

mkdirSync(dirname(target), { recursive: true });
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const text = spaceOut(concatenate(stripTypes('verify/main'))).replace("'of the sources'", `'${version}'`);
writeFileSync(target, run('biome', ['format', '--stdin-file-path', 'verifier/convey-verify.mjs'], text), {
  mode: 0o755,
});
