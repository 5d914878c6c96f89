import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { writeSample } from '../../samples/write-sample.ts';
import { runCommand } from './command-context.ts';
import { ProgressBar } from './progress-bar.ts';

/** An option's text as a whole number from `least` on. */
export const wholeNumber = (least: number) => (text: string) => {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < least)
    throw new InvalidArgumentError(`It takes a whole number from ${least} on.`);
  return value;
};

/** `convey sample`: a package folder to import. */
export function registerSampleCommand(program: Command): void {
  program
    .command('sample <folder>')
    .description('write a generated workspace as a package that `convey import` takes')
    .option('--conversations <n>', 'how many conversations; the rest in proportion', wholeNumber(1), 3000)
    .option('--seed <n>', 'another workspace of the same size', wholeNumber(0))
    .option('--force', 'replace a sample that lies there')
    .action(
      (
        folder: string,
        options: { conversations: number; seed?: number; force?: boolean },
        command: Command,
      ) =>
        runCommand(command, async ({ signal, isJson, print }) => {
          const bar = new ProgressBar('Writing', !isJson);
          const counts = await writeSample(resolve(folder), {
            ...options,
            signal,
            onProgress: ({ records, plannedRecords, bytes }) =>
              bar.update({ records, bytes, done: records / plannedRecords }),
          });
          bar.end();
          const told = Object.entries(counts).map(
            ([type, count]) => `  ${type.padEnd(24)}${String(count).padStart(10)}`,
          );
          print({ folder: resolve(folder), counts }, [resolve(folder), ...told].join('\n'));
        }),
    );
}
