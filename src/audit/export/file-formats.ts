import { canonicalJson, type JsonObject } from '../../canonical-json.ts';
import { csvLines } from '../../formats/csv-line.ts';
import { BOM, type CsvProfile } from '../../formats/csv.ts';
import type { PlacedEvent } from '../check-event.ts';
import { cellsOf, csvColumns } from './csv-columns.ts';
import { ecsProfile } from './ecs-profile.ts';
import { recordText } from './event-record.ts';
import { type FieldMap, mapFields } from './map-fields.ts';
import { ocsfProfile } from './ocsf-profile.ts';

export const auditFormats = ['csv', 'json', 'ndjson', 'ecs', 'ocsf'] as const;

export type AuditFormat = (typeof auditFormats)[number];

/** How a file of events is written: its beginning, its events, its end. */
export interface FileFormat {
  mediaType: string;
  extension: string;
  begin(): Buffer;
  /** `isFirst`: none came before. */
  events(events: readonly PlacedEvent[], isFirst: boolean): Buffer;
  /** @param sha256 hexadecimal, of all bytes before */
  end(events: number, sha256: string): Buffer;
}

/**
 * How a format is written. NDJSON ends with its trailer line and JSON with counts and `complete`, so that a short
 * file is seen; a CSV has no end mark, but its last event is number 1 (contract §4).
 * @param head what stands in front of a JSON file's events
 */
export function fileFormat(format: AuditFormat, profile: CsvProfile, head: JsonObject): FileFormat {
  switch (format) {
    case 'csv':
      return csvFile(profile === 'spreadsheet');
    case 'json':
      return jsonFile(head);
    case 'ndjson':
      return ndjsonFile(recordText);
    case 'ecs':
      return ndjsonFile(lineBy(ecsProfile));
    case 'ocsf':
      return ndjsonFile(lineBy(ocsfProfile));
  }
}

function csvFile(isSpreadsheet: boolean): FileFormat {
  const header = csvColumns.map(({ name }) => name);
  return {
    mediaType: 'text/csv; charset=utf-8; header=present',
    extension: 'csv',
    begin: () => Buffer.concat([Buffer.from(isSpreadsheet ? BOM : ''), csvLines([header], isSpreadsheet)]),
    events: (events) => csvLines(events.map(cellsOf), isSpreadsheet),
    end: () => Buffer.alloc(0),
  };
}

function jsonFile(head: JsonObject): FileFormat {
  return {
    mediaType: 'application/json',
    extension: 'json',
    begin: () => Buffer.from(`${canonicalJson(head).slice(0, -1)},"events":[`),
    events: (events, isFirst) =>
      Buffer.from(
        events.map((event, index) => `${isFirst && index === 0 ? '' : ','}\n${recordText(event)}`).join(''),
      ),
    end: (count) =>
      Buffer.from(`${count === 0 ? '' : '\n'}],"counts":{"events":${count}},"complete":true}\n`),
  };
}

function ndjsonFile(line: (event: PlacedEvent) => string): FileFormat {
  return {
    mediaType: 'application/x-ndjson',
    extension: 'ndjson',
    begin: () => Buffer.alloc(0),
    events: (events) => Buffer.from(events.map((event) => `${line(event)}\n`).join('')),
    end: (count, sha256) => Buffer.from(`{"_end":true,"records":${count},"sha256":"${sha256}"}\n`),
  };
}

function lineBy(map: FieldMap): (event: PlacedEvent) => string {
  return (event) => canonicalJson(mapFields(map, event));
}
