import type { PermissionName } from '../../access/permissions.ts';
import { can, type Principal } from '../../access/principal.ts';
import { canAnonymize } from '../anonymized/anonymized-plan.ts';
import { permissionOfKind } from '../export-reach.ts';
import { exportKinds } from '../../catalog/tables/workings.ts';
import {
  type CsvProfile,
  directFormatsOfKind,
  type ExportFormat,
  type ExportKind,
  type ExportRequest,
  formatsOfKind,
  hasFiles,
  isTable,
} from '../plan-export.ts';
import { defaultFieldsOf, hasFields, needsMessages } from './default-fields.ts';
import { type ExportField, exportFieldNames, exportFields, internalFields } from './export-fields.ts';

/** What an order of one kind may say, so that a form offers what `readOrder` takes, and nothing else. */
export interface KindOptions {
  kind: ExportKind;
  permission: PermissionName;
  /** Whether the asker has that permission. */
  isAllowed: boolean;
  formats: FormatOptions[];
  /** The formats that the kind's `GET …/export` sends at once. */
  directFormats: readonly ExportFormat[];
  /** Whether its records name files, whose contents can come with it. */
  canHoldFiles: boolean;
  canAnonymize: boolean;
}

/** One format of a kind. */
export interface FormatOptions {
  format: ExportFormat;
  /** More than one only for CSV. */
  profiles: readonly CsvProfile[];
  /** What a row can be; without a mode where there is no choice. */
  rows: {
    mode: ExportRequest['mode'] | null;
    /** Fields of an order that names none; null: there is no choice of fields, or all are taken. */
    defaultFields: readonly ExportField[] | null;
    /** Fields that it is nothing without. */
    neededFields: readonly ExportField[];
  }[];
}

/** A field that can be chosen of each conversation. */
export interface FieldOptions {
  field: ExportField;
  /** What it holds. */
  doc: string;
  /** What one needs to choose it, beyond the kind's permission. */
  permission: PermissionName | null;
  isAllowed: boolean;
}

/** Every kind of export, with what an order of it may say. */
export function listKindOptions(principal: Principal): KindOptions[] {
  return exportKinds.map((kind) => ({
    kind,
    permission: permissionOfKind[kind],
    isAllowed: can(principal, permissionOfKind[kind]),
    formats: formatsOfKind[kind].map((format) => describeFormat(kind, format)),
    directFormats: directFormatsOfKind[kind],
    canHoldFiles: hasFiles({ kind }),
    canAnonymize: canAnonymize(kind),
  }));
}

/** Every field of a conversation, in the order of the table. */
export function listFieldOptions(principal: Principal): FieldOptions[] {
  return exportFieldNames.map((field) => {
    const permission = internalFields.includes(field) ? 'notes.read' : null;
    return {
      field,
      doc: exportFields[field],
      permission,
      isAllowed: permission === null || can(principal, permission),
    };
  });
}

function describeFormat(kind: ExportKind, format: ExportFormat): FormatOptions {
  const modes = kind === 'conversations' && isTable({ format }) ? MODES : [undefined];
  return {
    format,
    profiles: format === 'csv' ? ['machine', 'spreadsheet'] : [],
    rows: modes.map((mode) => ({
      mode: mode ?? null,
      defaultFields: defaultFieldsOf({ kind, format, mode }) ?? null,
      neededFields: hasFields(kind) && needsMessages({ kind, mode }, format) ? ['messages'] : [],
    })),
  };
}

const MODES = ['conversations', 'messages'] as const;
