/** How many records of each dataset `generate-workspace.sql` makes, worked out without the database. */
export interface ExpectedCounts {
  contacts: number;
  conversations: number;
  /** Of all messages: those that are no teammate's. */
  messages: number;
  /** Teammates' messages, notes included. */
  replies: number;
  citations: number;
  events: number;
  files: number;
  tickets: number;
}

/** The counts of a generated workspace of that many conversations. */
export function expectedCounts(conversations: number): ExpectedCounts {
  return {
    contacts: Math.floor((conversations + 1) / 2),
    conversations,
    messages: conversations * 7,
    replies: conversations * 3,
    citations: conversations * 2,
    events: conversations * 3,
    files: Math.floor(conversations / 20),
    tickets: Math.floor(conversations / 50),
  };
}
