import { InvalidArgumentError } from 'commander';
import { ConveyError } from '../errors.ts';
import { hasFields, needsMessages } from '../exports/order/default-fields.ts';
import { type ExportField, exportFieldNames } from '../exports/order/export-fields.ts';
import { type ExportRequest, formatsOfKind } from '../exports/plan-export.ts';
import { badUsage } from './cli.errors.ts';
import { readFilter } from './filter-options.ts';

/** What `convey export` was given. */
export type ExportOptions = Omit<ExportRequest, 'filter' | 'recordId' | 'fields'> & {
  workspace: string;
  id?: string;
  profile: 'machine' | 'spreadsheet';
  for: 'record' | 'subject';
  output?: string;
  package?: boolean;
  files?: boolean;
  receipt: boolean;
  fields?: ExportField[];
};

/** The fields that `--fields` names. */
export function readFields(text: string): ExportField[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !(exportFieldNames as string[]).includes(name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`There is no field ${unknown}. It takes ${exportFieldNames.join(', ')}.`);
  return exportFieldNames.filter((name) => names.includes(name));
}

/**
 * What the options ask for.
 * @throws cli.bad_usage
 */
export function requestOf(options: ExportOptions): ExportRequest {
  const { kind, format, mode, profile, for: contactProfile, id, fields } = options;
  const filter = readFilter(options);
  if (filter !== undefined && kind !== 'conversations') {
    throw new ConveyError(badUsage, 'A filter is for --kind conversations.');
  }
  if (!formatsOfKind[kind].includes(format)) {
    throw new ConveyError(badUsage, `--kind ${kind} comes as ${formatsOfKind[kind].join(', ')}.`);
  }
  if (mode !== undefined && (kind !== 'conversations' || format !== 'csv')) {
    throw new ConveyError(badUsage, '--mode is for the CSV of conversations.');
  }
  if (fields !== undefined && !hasFields(kind)) {
    throw new ConveyError(badUsage, '--fields is for conversations, all or one.');
  }
  if (fields !== undefined && needsMessages({ kind, mode }, format) && !fields.includes('messages')) {
    throw new ConveyError(badUsage, '--fields needs messages: they are what such a file is made of.');
  }
  if (contactProfile === 'subject' && kind !== 'contact') {
    throw new ConveyError(badUsage, '--for is for one contact.');
  }
  if (options.files && !options.package) throw new ConveyError(badUsage, '--files is for a --package.');
  if (options.package && options.output === '-') {
    throw new ConveyError(badUsage, 'A package is not written to standard output: name a file or a folder.');
  }
  const isOne = kind === 'conversation' || kind === 'contact';
  if (isOne !== (id !== undefined)) {
    throw new ConveyError(badUsage, isOne ? `--kind ${kind} needs --id.` : `--kind ${kind} takes no --id.`);
  }
  return {
    kind,
    format,
    csvProfile: profile,
    contactProfile,
    ...(mode === undefined ? {} : { mode }),
    ...(id === undefined ? {} : { recordId: id }),
    ...(filter === undefined ? {} : { filter }),
    ...(options.anonymize ? { anonymize: true } : {}),
    ...(fields === undefined ? {} : { fields: options.files ? [...new Set([...fields, 'files'])] : fields }),
  };
}
