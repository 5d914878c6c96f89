import type { App } from '../../http/route-config.ts';
import { registerFirstOwnerRoutes } from './joining/first-owner.routes.ts';
import { registerInvitationRoutes } from './joining/invitation.routes.ts';
import { registerPasswordRoutes } from './passwords/password.routes.ts';
import { registerProfileRoutes } from './profile.routes.ts';
import { registerSecondFactorRoutes } from './second-factor/second-factor.routes.ts';
import { registerSessionRoutes } from './session.routes.ts';
import { registerSessionListRoutes } from './sessions.routes.ts';
import type { SignIn } from './sign-in.ts';

/** Everything about signing in: see docs/accounts.md. */
export function registerSignInRoutes(app: App, signIn: SignIn): void {
  app.addHook('onClose', () => signIn.failures.close());
  registerSessionRoutes(app, signIn);
  registerSessionListRoutes(app, signIn);
  registerProfileRoutes(app, signIn);
  registerPasswordRoutes(app, signIn);
  registerSecondFactorRoutes(app, signIn);
  registerInvitationRoutes(app, signIn);
  registerFirstOwnerRoutes(app, signIn);
  signIn.failures.afterReply.add('making passwords ready', () => signIn.passwords.prepare());
}
