/** How the name of a group of choices looks: a little above them, and heavier than theirs. */
export const GROUP_LABEL = { mb: 6, fw: 600 } as const;
