import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const login = z.object({ accountId: z.uuid(), username: z.string().max(64), password: z.string().max(200) });
const member = z.object({
  callSign: z.string().max(24),
  unitId: z.uuid(),
  /** Holds the device's token; `null` once somebody revoked the device. */
  osmAndPath: z.string().max(300).nullable(),
  crew: login.nullable(),
});
const memory = z.object({
  operator: login.nullable(),
  /** Sectors that were drawn once; one that somebody removed since is not drawn again. */
  sectors: z.array(z.string().max(80)).max(100),
  units: z.array(member).max(5_000),
});
export type KnownLogin = z.infer<typeof login>;
export type KnownUnit = z.infer<typeof member>;
type Known = z.infer<typeof memory>;

/** What the town has to remember from one start to the next: tokens are shown once, and passwords are its own. */
export class Memory {
  operator: KnownLogin | null;
  readonly sectors: Set<string>;
  private readonly units: Map<string, KnownUnit>;

  private constructor(
    private readonly file: string,
    known: Known,
  ) {
    this.operator = known.operator;
    this.sectors = new Set(known.sectors);
    this.units = new Map(known.units.map((unit) => [unit.callSign, unit]));
  }

  /** An absent file is a town that begins. @throws when there is one and it is none of ours. */
  static read(file: string): Memory {
    if (!existsSync(file)) return new Memory(file, { operator: null, sectors: [], units: [] });
    const known = memory.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (!known.success) throw new Error(`${file} is not what the town wrote: remove it to begin anew`);
    return new Memory(file, known.data);
  }

  unit(callSign: string): KnownUnit | undefined {
    return this.units.get(callSign);
  }

  keep(unit: KnownUnit): void {
    this.units.set(unit.callSign, unit);
  }

  /** Whole or not at all, and for its owner only: it holds passwords and tokens. */
  save(): void {
    const { operator, sectors, units } = this;
    const known: Known = { operator, sectors: [...sectors], units: [...units.values()] };
    const draft = `${this.file}.tmp`;
    rmSync(draft, { force: true });
    writeFileSync(draft, `${JSON.stringify(known, null, 1)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(draft, this.file);
  }
}
