import { countGroups } from '../../catalog/count-sql.ts';
import {
  canShareStream,
  renderColumns,
  type Selection,
  streamGroupSql,
  streamSql,
} from '../../catalog/stream-sql.ts';
import { treatSection, withKnownPeople } from '../anonymized/treat-sections.ts';
import type { ExportPlan } from '../plan-export.ts';
import type { CountStatement, Piece, SectionLayout } from './file-layout.ts';
import type { SectionNames } from './section-names.ts';
import { mayShow, selectRows } from './select-rows.ts';

/**
 * A section's shape, its ordered streams and its counts, from the catalogue. Pure.
 * @param nests whether one stream may feed several lists: only formats that nest
 */
export function layOutSection(
  plan: ExportPlan,
  names: SectionNames,
  { range }: Piece,
  nests = false,
): SectionLayout {
  const parent = selectRows(plan, names.dataset, range);
  // A record that only carries its children's rows shows none of its own columns.
  const records = names.showsItems ? { ...parent, columns: [] } : parent;
  const lists = (names.lists ?? []).filter(({ dataset }) => mayShow(plan, dataset));
  const children = lists.map(({ dataset }) => selectRows(plan, dataset));
  const groups = groupStreams(children, nests).map((places) => ({
    places,
    ...streamGroupSql(
      parent,
      places.map((place) => children[place]!),
    ),
  }));
  const countedAs = names.countedAs ?? names.dataset;
  const counted = lists.map((list) => list.countedAs ?? list.dataset);
  const fields = groups.flatMap(({ columnFields }) => columnFields);
  return {
    shape: {
      type: records.dataset.type,
      section: names.section,
      columns: renderColumns(records),
      lists: lists.map(({ name }, index) => ({
        name,
        type: children[index]!.dataset.type,
        columns: renderColumns(children[index]!, fields[index]),
      })),
      ...(names.isSingle ? { single: true } : {}),
    },
    ...(names.isCarrier ? { isCarrier: true } : {}),
    ...treatSection(plan, records, children),
    records: {
      ...streamSql(withKnownPeople(plan, records)),
      countedAs,
    },
    lists: counted.map((name) => ({ countedAs: name })),
    counts: [
      ...(names.isCarrier ? [] : countsOf([records], [countedAs])),
      ...countsOf(children, counted, parent),
    ],
    children: groups.map(({ sql, columnCount, places, memberFields }) => ({
      sql,
      columnCount,
      feeds: places.map((list, index) => {
        const field = memberFields[index];
        return field === undefined ? { list } : { list, field };
      }),
    })),
  };
}

/** Places of neighbouring lists that one stream can feed, where the format nests them. */
function groupStreams(children: readonly Selection[], nests: boolean): number[][] {
  const groups: number[][] = [];
  for (const [place, child] of children.entries()) {
    const last = groups.at(-1);
    if (nests && last !== undefined && canShareStream(children[last[0]!]!, child)) last.push(place);
    else groups.push([place]);
  }
  return groups;
}

function countsOf(
  selections: readonly Selection[],
  names: readonly string[],
  parent?: Selection,
): CountStatement[] {
  return countGroups(selections, parent).map(({ places, sql }) => ({
    countedAs: places.map((place) => names[place]!),
    sql,
  }));
}
