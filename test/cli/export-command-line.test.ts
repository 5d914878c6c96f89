import { Command } from 'commander';
import { expect, test } from 'vitest';
import { registerExportCommand } from '../../src/cli/export-command.ts';
import { exportKinds } from '../../src/catalog/tables/workings.ts';
import { formatsOfKind } from '../../src/exports/plan-export.ts';

// The web app shows `convey export …` for an order: the command must take it.

interface CommandLines {
  cliOf(order: object, at: { workspace: string; fields: readonly string[] | undefined }): string | undefined;
}
// By its address, as the web app's code is compiled with settings of its own.
const { cliOf } = (await import(
  new URL('../../web/src/exports/order/command-lines.ts', import.meta.url).href
)) as CommandLines;

/** What the command makes of its arguments. */
function parse(line: string): Record<string, unknown> {
  const program = new Command().exitOverride();
  registerExportCommand(program);
  const command = program.commands[0]!.exitOverride().action(() => {});
  program.parse(line.replace(/^npx convey /, '').split(' '), { from: 'user' });
  return command.opts();
}

test('every kind and format is taken as it is shown', () => {
  for (const kind of exportKinds)
    for (const format of formatsOfKind[kind]) {
      const isOne = kind === 'contact' || kind === 'conversation';
      const isTable = kind === 'conversations' && (format === 'csv' || format === 'xlsx');
      const order = {
        kind,
        format,
        ...(isOne && { id: '-x' }),
        ...(isTable && { mode: 'conversations' }),
        ...(format === 'csv' && { profile: 'spreadsheet' }),
        ...(kind === 'contact' && { for: 'subject' }),
        files: true,
        anonymize: true,
      };
      const fields = kind === 'conversations' ? ['messages', 'files'] : undefined;
      expect(parse(cliOf(order, { workspace: 'acme', fields })!)).toMatchObject({
        workspace: 'acme',
        kind,
        format,
        package: true,
        files: true,
        anonymize: true,
        output: `${kind}.zip`,
        ...(isOne && { id: '-x' }),
        ...(format === 'csv' && { profile: 'spreadsheet' }),
        ...(format === 'csv' && isTable && { mode: 'conversations' }),
        ...(kind === 'contact' && { for: 'subject' }),
        ...(fields && { fields }),
      });
    }
});
