import { z } from 'zod';
import type { Database } from '../../database/connect.ts';
import { endPage, nextCursor, pageOf, pageQuery } from '../../http/paging.ts';
import type { RegisterRoutes } from '../../http/route-config.ts';
import { countUnread, listNotices, markRead, noticeKinds } from '../../notify/notices.ts';
import { signedInUser } from '../sign-in/signed-in-user.ts';

const noticeSchema = z
  .object({
    id: z.string(),
    kind: z.enum(noticeKinds),
    subject_id: z.string().describe('The export or the schedule.'),
    details: z.record(z.string(), z.unknown()).describe('Codes and counts; no contents.'),
    created_at: z.iso.datetime(),
    read_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Notice' });

/** `/v1/notices`: what the signed-in user is told inside the app about this workspace. */
export function noticeRoutes({ database }: { database: Database }): RegisterRoutes {
  return (app) => {
    app.get(
      '/v1/notices',
      {
        config: { operation: 'listNotices', permission: 'self.manage' },
        schema: {
          tags: ['account'],
          summary: 'What you were told in the last 90 days, newest first',
          querystring: z.object(pageQuery),
          response: {
            200: z.object({
              notices: z.array(noticeSchema),
              unread: z.int().describe('How many are unread, on all pages.'),
              next_cursor: nextCursor,
            }),
          },
        },
      },
      async (request, reply) => {
        const { workspaceId } = request.scope;
        const { id: userId } = signedInUser(request);
        const page = pageOf(request.query);
        const [read, unread] = await database.inScope(request.scope, async (transaction) => [
          await listNotices(transaction, workspaceId, userId, page),
          await countUnread(transaction, workspaceId, userId),
        ]);
        const { entries, next_cursor } = endPage(request, reply, read, request.query, ({ id }) => id);
        const notices = entries.map(({ id, kind, subjectId, details, createdAt, readAt }) => ({
          id,
          kind,
          subject_id: subjectId,
          details,
          created_at: createdAt.toISOString(),
          read_at: readAt?.toISOString() ?? null,
        }));
        return { notices, unread, next_cursor };
      },
    );

    app.post(
      '/v1/notices/read',
      {
        config: { operation: 'readNotices', permission: 'self.manage' },
        schema: {
          tags: ['account'],
          summary: 'Mark your notices as read',
          body: z.strictObject({
            up_to: z.string().max(100).optional().describe('This one and all older ones; left out: all.'),
          }),
          response: { 200: z.object({ read: z.int().describe('How many were unread.') }) },
        },
      },
      async (request) => {
        const { id: userId } = signedInUser(request);
        const read = await database.inScope(request.scope, (transaction) =>
          markRead(transaction, request.scope.workspaceId, userId, request.body.up_to),
        );
        return { read };
      },
    );
  };
}
