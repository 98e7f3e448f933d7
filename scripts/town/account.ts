import type { z } from 'zod';
import { uuidV7, type Clock } from '#libs/base';
import { commandAnswer, sessionView, type CommandAnswer } from '#libs/wire';
import { CentreClient, CentreRefusal, type CentreLogin } from '../demo-town/centre-client.ts';
import type { Line } from './line.ts';

/** Somebody of the town who works with the centre: signs in when first needed, and again when the login has ended. */
export class Account {
  private signedIn: Promise<CentreClient> | undefined;

  constructor(
    private readonly url: string,
    private readonly login: CentreLogin,
    private readonly line: Line,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.asMyself((client) => client.get(path, schema));
  }

  /** One command. The same `commandId` goes with every try, so that a word said twice is done once. */
  command(path: string, body: Readonly<Record<string, unknown>>): Promise<CommandAnswer> {
    const nowMs = this.clock.nowMs();
    const whole = { ...body, commandId: uuidV7(nowMs), sentAtMs: Math.round(nowMs) };
    return this.asMyself((client) => client.post(path, whole, commandAnswer));
  }

  async whoAmI(): Promise<string> {
    return (await this.get('/api/session', sessionView)).accountId;
  }

  async signOut(): Promise<void> {
    const client = await this.signedIn?.catch(() => undefined);
    this.signedIn = undefined;
    await client?.signOut();
  }

  private asMyself<T>(task: (client: CentreClient) => Promise<T>): Promise<T> {
    return this.line.through(async () => {
      try {
        return await task(await this.client());
      } catch (problem) {
        if (!(problem instanceof CentreRefusal) || problem.status !== 401) throw problem;
        this.signedIn = undefined;
        return task(await this.client());
      }
    });
  }

  private client(): Promise<CentreClient> {
    this.signedIn ??= CentreClient.signIn(this.url, this.login, this.signal).catch((problem: unknown) => {
      this.signedIn = undefined;
      throw problem;
    });
    return this.signedIn;
  }
}
