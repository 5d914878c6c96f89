import { VisuallyHidden } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { $api, type Schema } from '../../api/client.ts';
import { isFinal } from '../../api/problem.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Moment } from '../../parts/moment.tsx';
import { RouteAnchor } from '../../parts/route-anchor.tsx';
import { Page } from '../../parts/page.tsx';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { Asker } from '../asker.tsx';
import { isActive } from '../is-active.ts';
import { ConnectionNote } from '../live/connection-note.tsx';
import { useLiveExports } from '../live/use-live-exports.ts';
import { LostSince, useIsOld, useLostSince } from '../live/use-lost-since.ts';
import { StateBadge } from '../state-badge.tsx';
import { Asked } from './asked.tsx';
import { Downloads } from './downloads.tsx';
import { ExportActions } from './export-actions.tsx';
import { ExportState } from './export-state.tsx';
import { LeftOut } from './left-out.tsx';
import { Links } from './links/links.tsx';
import { Parts } from './parts.tsx';
import { Receipt } from './receipt.tsx';
import { VerifyHint } from './verify-hint.tsx';

const LOOK_AGAIN_MS = 4_000;

/** One export: how it is while it happens, what was asked for, what it holds, and how it is handed over. */
export function ExportPage() {
  const texts = useTexts();
  const { id } = useParams({ from: '/signed-in/exports/$id' });
  const query = $api.useQuery(
    'get',
    '/v1/exports/{id}',
    { params: { path: { id } } },
    // Who downloads it is no event of the stream, and written down after the last byte.
    { refetchInterval: ({ state }) => (isFinal(state.error) ? false : LOOK_AGAIN_MS) },
  );
  useLiveExports({ id, isOn: query.data !== undefined && isActive(query.data) });
  const { data: one } = query;
  const lostSince = useLostSince(query);
  return (
    <LostSince value={lostSince}>
      <Page
        title={
          one === undefined
            ? texts.nav.exports
            : `${texts.exports.kinds[one.kind]} · ${texts.exports.formats[one.format]}`
        }
        hint={one === undefined ? undefined : <Origin of={one} />}
        actions={one === undefined ? undefined : <ExportActions of={one} />}
      >
        <ConnectionNote since={lostSince} />
        <Loaded query={query}>{(found) => <Whole of={found} />}</Loaded>
      </Page>
    </LostSince>
  );
}

function Origin({ of: one }: { of: Schema<'Export'> }) {
  const texts = useTexts();
  const isOld = useIsOld();
  return (
    <>
      <RouteAnchor to="/exports" inherit underline="always">
        {texts.exportPage.back}
      </RouteAnchor>
      {` · ${texts.exportPage.askedBy} `}
      <Asker by={one.requested_by} />
      {' · '}
      <Moment at={one.requested_at} /> <StateBadge status={one.status} />
      {isOld && ` ${texts.exports.away.lastHeard}`}
      {/* What changes by itself is said to whoever does not see it. */}
      <VisuallyHidden role="status">{texts.exports.statuses[one.status]}</VisuallyHidden>
    </>
  );
}

function Whole({ of: one }: { of: Schema<'Export'> }) {
  const may = useMay();
  const contents = $api.useQuery('get', '/v1/exports/{id}/contents', {
    params: { path: { id: one.job_id } },
  });
  const isMade = one.status === 'ready' || one.status === 'expired';
  const isReady = one.status === 'ready';
  return (
    <>
      <ExportState of={one} />
      {isReady && one.kept && <Parts of={one} />}
      {isReady && !one.kept && <Receipt of={one} />}
      {isMade && one.kept && may('export.share') && <Links of={one} />}
      {isMade && <Downloads of={one} />}
      <Loaded query={contents}>
        {(stated) => (
          <>
            <Asked of={one} contents={stated} />
            <LeftOut contents={stated} />
            {isMade && <VerifyHint of={one} contents={stated} />}
          </>
        )}
      </Loaded>
    </>
  );
}
