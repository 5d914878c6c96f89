import type { Order } from './export-order.ts';
import { changesOf } from './export-order.ts';

/** The order as a request that a program can send; `$CONVEY_KEY` is the API key. */
export function curlOf(
  order: Order,
  { origin, rerunOf }: { origin: string; rerunOf?: string | undefined },
): string {
  const path = rerunOf === undefined ? '/v1/exports' : `/v1/exports/${rerunOf}/rerun`;
  const body = rerunOf === undefined ? order : changesOf(order);
  return [
    `curl -fsS ${origin}${path} \\`,
    '  -H "Authorization: Bearer $CONVEY_KEY" \\',
    `  -H 'content-type: application/json' \\`,
    `  -d ${quote(JSON.stringify(body))}`,
  ].join('\n');
}

/**
 * The same export with `convey export` on the server's machine, where it becomes a package in the current folder;
 * undefined: the command has no word for it.
 * @param fields what of each conversation; the command takes all unless they are named
 */
export function cliOf(
  order: Order,
  { workspace, fields }: { workspace: string; fields: readonly string[] | undefined },
): string | undefined {
  if (order.format !== 'csv' && order.mode === 'messages') return undefined;
  return [
    'npx convey export',
    `-w ${quote(workspace)}`,
    `-k ${order.kind}`,
    `-f ${order.format}`,
    ...(order.id === undefined ? [] : [`--id=${quote(order.id)}`]),
    ...(order.format === 'csv' && order.mode !== undefined ? [`--mode ${order.mode}`] : []),
    ...(fields === undefined ? [] : [`--fields ${fields.join(',')}`]),
    ...filterOptions(order),
    ...(order.profile === undefined ? [] : [`--profile ${order.profile}`]),
    ...(order.for === undefined ? [] : [`--for ${order.for}`]),
    '--package',
    ...(order.files === true ? ['--files'] : []),
    ...(order.anonymize === true ? ['--anonymize'] : []),
    `-o ${order.kind}.zip`,
  ].join(' ');
}

/** An option for each part of the filter, once for each of its values. */
function filterOptions({ filter, ids }: Order): string[] {
  const parts = { ...filter, ...(ids === undefined ? {} : { ids }) };
  return Object.entries(parts).flatMap(([name, value]) =>
    [value].flat().map((one) => `--${name.replaceAll('_', '-')}=${quote(String(one))}`),
  );
}

/** One word for a shell, whatever is in it. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
