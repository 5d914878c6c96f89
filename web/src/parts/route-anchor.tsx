import { Anchor, type AnchorProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

function AnchorOfRoute(props: Omit<AnchorProps, 'href'> & Omit<ComponentProps<'a'>, keyof AnchorProps>) {
  return <Anchor {...props} />;
}

/** A link to a page of the app, in the looks of links; its address is checked against the routes. */
export const RouteAnchor = createLink(AnchorOfRoute);
