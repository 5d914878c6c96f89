import { z } from 'zod';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConveyError } from '../../../errors.ts';
import type { App } from '../../../http/route-config.ts';
import { actorOfRequest } from '../../actor.ts';
import { endSessions } from '../../sessions.ts';
import { changeAccount } from '../account-events.ts';
import { codeField, passwordField } from '../session.schemas.ts';
import {
  badCode,
  needsProof,
  noSecondFactor,
  secondFactorExists,
  secondFactorKept,
  signInAgain,
  tooManySignIns,
  wrongPassword,
} from '../sign-in.errors.ts';
import type { SignIn } from '../sign-in.ts';
import { confirmIdentity, signedInUser } from '../signed-in-user.ts';
import { getUser, listPlaces } from '../users.ts';
import {
  type CodeKind,
  confirmSecret,
  makeSecret,
  removeSecret,
  renewRecoveryCodes,
  useCode,
  useTotpCode,
} from './second-factor.ts';

const codesSchema = z.object({
  recovery_codes: z
    .array(z.string())
    .describe('8 codes, each of which stands in for the app once. They are not shown again.'),
});

/** Setting up a second factor (TOTP, RFC 6238), its recovery codes, and taking it away. */
export function registerSecondFactorRoutes(app: App, signIn: SignIn): void {
  const { database, sealedTexts, failures, hashCounted, productName } = signIn;

  /** Runs a check of a code under the limits. Throws `access.bad_code`. */
  async function useUp(
    request: FastifyRequest,
    reply: FastifyReply,
    check: (userId: string) => Promise<CodeKind | 'repeated' | undefined>,
  ): Promise<void> {
    const { id: key } = signedInUser(request);
    const { isRight } = await failures.guard(request, reply, { step: 'second_factor', key }, async () => {
      const user = await database.inSystem((transaction) => getUser(transaction, key));
      const kind = await check(key);
      const isRepeated = kind === 'repeated';
      return { user, isRight: kind !== undefined && !isRepeated, isRepeated };
    });
    if (!isRight) throw new ConveyError(badCode);
  }

  const checkCode = (code: string) => (userId: string) =>
    database.inSystem((transaction) => useCode(transaction, { sealedTexts, hashCounted }, userId, code));

  async function hasSecondFactor(request: FastifyRequest): Promise<boolean> {
    const { id } = signedInUser(request);
    return (await database.inSystem((transaction) => getUser(transaction, id))).hasSecondFactor;
  }

  app.post(
    '/v1/me/second-factor',
    {
      config: {
        operation: 'setUpSecondFactor',
        permission: 'self.manage',
        errors: [secondFactorExists, needsProof, wrongPassword, signInAgain, tooManySignIns],
      },
      schema: {
        tags: ['account'],
        summary: 'Begin to set up a second factor',
        description:
          'Takes your password; who has none, a sign-in of the last 10 minutes. It is not in force before one of its codes is confirmed. Asking again makes another secret.',
        body: z.object({ password: passwordField.optional() }),
        response: {
          200: z.object({
            setup_id: z.string().describe('Goes with the code that confirms it.'),
            secret: z.string().describe('Base 32, to be typed into the app.'),
            uri: z.string().describe('`otpauth://…`, to be shown as a QR code.'),
          }),
        },
      },
    },
    async (request, reply) => {
      const user = signedInUser(request);
      if (await hasSecondFactor(request)) throw new ConveyError(secondFactorExists);
      await confirmIdentity(signIn, request, reply, request.body.password);
      const made = await database.inSystem((transaction) =>
        makeSecret(transaction, sealedTexts, user, productName),
      );
      if (made === undefined) throw new ConveyError(secondFactorExists);
      const { setupId, ...shown } = made;
      return { setup_id: setupId, ...shown };
    },
  );

  app.post(
    '/v1/me/second-factor/confirm',
    {
      config: {
        operation: 'confirmSecondFactor',
        permission: 'self.manage',
        errors: [badCode, secondFactorExists, tooManySignIns],
      },
      schema: {
        tags: ['account'],
        summary: 'Put the second factor in force',
        description: 'Your other sessions end: they were opened without it.',
        body: z.object({
          setup_id: z
            .string()
            .max(100)
            .describe('Of the secret that was shown: another one is not confirmed.'),
          code: codeField,
        }),
        response: { 200: codesSchema },
      },
    },
    async (request, reply) => {
      const { id, sessionId } = signedInUser(request);
      if (await hasSecondFactor(request)) throw new ConveyError(secondFactorExists);
      const { code, setup_id: setupId } = request.body;
      await useUp(request, reply, async (userId) => {
        const check = database.inSystem((transaction) =>
          useTotpCode(transaction, sealedTexts, userId, code, setupId),
        );
        return (await check) ? 'totp' : undefined;
      });
      const codes = await changeAccount(
        signIn,
        actorOfRequest(request),
        async (transaction) => {
          if (!(await confirmSecret(transaction, sealedTexts, id, setupId))) throw new ConveyError(badCode);
          await endSessions(transaction, id, { except: sessionId });
          return renewRecoveryCodes(transaction, id);
        },
        () => ({ action: 'user.second_factor_enabled' }),
      );
      return { recovery_codes: codes };
    },
  );

  app.delete(
    '/v1/me/second-factor',
    {
      config: {
        operation: 'removeSecondFactor',
        permission: 'self.manage',
        errors: [
          needsProof,
          wrongPassword,
          signInAgain,
          badCode,
          noSecondFactor,
          secondFactorKept,
          tooManySignIns,
        ],
      },
      schema: {
        tags: ['account'],
        summary: 'Take the second factor away',
        description:
          'Takes your password (who has none, a sign-in of the last 10 minutes) and a code, of the app or a recovery code. Refused while a workspace of yours asks for one.',
        body: z.object({ password: passwordField.optional(), code: codeField }),
        response: { 204: z.null().describe('There is none any more.') },
      },
    },
    async (request, reply) => {
      const { id } = signedInUser(request);
      if (!(await hasSecondFactor(request))) throw new ConveyError(noSecondFactor);
      if ((await listPlaces(database, id)).some(({ requiresSecondFactor }) => requiresSecondFactor))
        throw new ConveyError(secondFactorKept);
      const { password, code } = request.body;
      await confirmIdentity(signIn, request, reply, password);
      await useUp(request, reply, checkCode(code));
      await changeAccount(
        signIn,
        actorOfRequest(request),
        (transaction) => removeSecret(transaction, id),
        () => ({ action: 'user.second_factor_disabled' }),
      );
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/me/recovery-codes',
    {
      config: {
        operation: 'renewRecoveryCodes',
        permission: 'self.manage',
        errors: [badCode, noSecondFactor, tooManySignIns],
      },
      schema: {
        tags: ['account'],
        summary: 'Make new recovery codes',
        description: 'Those before stop working.',
        body: z.object({ code: codeField }),
        response: { 200: codesSchema },
      },
    },
    async (request, reply) => {
      const { id } = signedInUser(request);
      if (!(await hasSecondFactor(request))) throw new ConveyError(noSecondFactor);
      await useUp(request, reply, checkCode(request.body.code));
      const codes = await changeAccount(
        signIn,
        actorOfRequest(request),
        (transaction) => renewRecoveryCodes(transaction, id),
        () => ({ action: 'user.recovery_codes_renewed' }),
      );
      return { recovery_codes: codes };
    },
  );
}
