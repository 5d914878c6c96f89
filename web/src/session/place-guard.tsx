import { useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Page } from '../parts/page.tsx';
import { useTexts } from '../texts/texts-provider.tsx';
import { type Permission, useMay } from './use-session.ts';
import { NotAllowed } from './who-may.tsx';

/** A page or a group of pages, by where its addresses begin. */
interface Place {
  to: string;
  /** One of these opens it. */
  needs: readonly Permission[];
}

/**
 * The page of the present address, for whoever has what its place needs; for everybody else who may see it. What a
 * menu leaves out is thereby what an address that somebody sent refuses, in one sentence instead of page and errors.
 */
export function PlaceGuard({ places, children }: { places: readonly Place[]; children: ReactNode }) {
  const texts = useTexts().may;
  const may = useMay();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const place = places.find(({ to }) => isWithin(path, to));
  if (place === undefined || place.needs.some(may)) return children;
  return (
    <Page title={texts.notThisPage}>
      <NotAllowed title={texts.notThisPageHint} anyOf={place.needs} />
    </Page>
  );
}

/** Whether an address is that of a place, or below it; the start page has nothing below it. */
export function isWithin(path: string, place: string): boolean {
  return path === place || (place !== '/' && path.startsWith(`${place}/`));
}
