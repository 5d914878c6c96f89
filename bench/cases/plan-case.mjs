import { layOutFiles } from '../../dist/src/exports/layout/lay-out-files.js';
import { planExport } from '../../dist/src/exports/plan-export.js';

/** The files of an export as the server would lay them out. */
export function layOut(workspaceId, request) {
  const workspace = { id: workspaceId, slug: 'bench', name: 'Bench' };
  return layOutFiles(planExport(request, { workspace, productName: 'convey', includeInternal: true }));
}
