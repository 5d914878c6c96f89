import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { ConversationFilter } from '../catalog/conversation-filter.ts';
import { filterQuery, withoutUndefined } from '../catalog/filter.schemas.ts';
import { ConveyError } from '../errors.ts';
import { compileValidator } from '../http/validate.ts';
import { badUsage } from './cli.errors.ts';

const filterOptions = Object.entries(filterQuery).map(([name, schema]) => ({
  name,
  option: new Option(`--${name.replaceAll('_', '-')} <value>`, schema.description).argParser(collect),
}));
const validate = compileValidator({
  schema: z.object(filterQuery),
  method: 'GET',
  url: '',
  httpPart: 'querystring',
});

/** Adds an option for each part of the one filter, as the API's query parameters; repeated for several values. */
export function addFilterOptions(command: Command): Command {
  command.optionsGroup('Which conversations (parts combine by AND):');
  for (const { option } of filterOptions) command.addOption(option);
  return command;
}

/**
 * The filter that the options name; undefined where they name none.
 * @throws cli.bad_usage
 */
export function readFilter(options: Readonly<Record<string, unknown>>): ConversationFilter | undefined {
  const given = filterOptions.flatMap(({ name, option }) => {
    const values = options[option.attributeName()] as string[] | undefined;
    return values === undefined ? [] : [[name, values.length === 1 ? values[0] : values]];
  });
  if (given.length === 0) return undefined;
  const { value, error } = validate(Object.fromEntries(given)) as {
    value?: ConversationFilter;
    error?: Error;
  };
  if (error === undefined) return withoutUndefined(value!);
  const { fields } = error.cause as ConveyError;
  const told = fields.map(({ pointer, detail }) => `--${pointer.replaceAll('_', '-')} ${detail}.`);
  throw new ConveyError(badUsage, told.join(' '));
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
