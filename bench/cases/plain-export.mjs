// The pipeline without what protects the file: same snapshot, COPYs, merge, format and counts, but no digest
// and no encryption, so that their cost can be told. One file, one section at a time.
import { open } from 'node:fs/promises';
import { mergeRows } from '../../dist/src/database/merge-rows.js';
import { Snapshot } from '../../dist/src/database/snapshot.js';
import { countRecords } from '../../dist/src/exports/render/check-counts.js';
import { ByteWriter } from '../../dist/src/formats/byte-writer.js';
import { createNdjsonFormat } from '../../dist/src/formats/ndjson.js';
import { layOut } from './plan-case.mjs';

/** NDJSON digests what it writes for its last line; here that digest is left empty. */
class UnhashedWriter extends ByteWriter {
  hashes = true;
  digestSoFar() {
    return '';
  }
}

export async function plainExport({ database, config }, scope, request, target) {
  const [layout] = layOut(scope.workspaceId, request);
  const { signal } = new AbortController();
  const options = { url: database.url, scope, maxAgeMs: config.snapshotMaxAgeMs, givesWay: true, signal };
  const snapshot = await Snapshot.open(options);
  const file = await open(target, 'w', 0o600);
  try {
    const sink = {
      async write(chunk) {
        for (let done = 0; done < chunk.length; ) done += (await file.write(chunk, done)).bytesWritten;
      },
    };
    const out = new UnhashedWriter(sink, { hash: false });
    const format = createNdjsonFormat(out, layout.format);
    const expected = countRecords(snapshot, layout.sections);
    const counts = {};
    format.beginDocument({});
    for (const { shape, records, lists, children } of layout.sections) {
      const streams = [records, ...children];
      const rows = await Promise.all(streams.map(({ sql, columnCount }) => snapshot.copy(sql, columnCount)));
      format.beginSection(shape);
      const merged = await mergeRows(
        rows[0],
        children.map(({ feeds }, index) => ({ rows: rows[index + 1], feeds })),
        format,
        out,
      );
      format.endSection();
      for (const [index, { countedAs }] of [records, ...lists].entries())
        counts[countedAs] = index === 0 ? merged.records : merged.items[index - 1];
      for (const finished of rows) snapshot.release(finished);
    }
    for (const [name, count] of Object.entries(await expected))
      if (counts[name] !== count) throw new Error(`${name}: ${counts[name]} written, ${count} expected`);
    format.endDocument(counts);
    const { bytes } = await out.end();
    await file.sync();
    await snapshot.close({ isClean: true });
    return { bytes, counts, path: target };
  } finally {
    await file.close();
    await snapshot.close();
  }
}
