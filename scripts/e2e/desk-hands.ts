import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';

/** Degrees and metres, as the form of a camera shows them. */
export interface AimSeen {
  readonly bearing: number;
  readonly angle: number;
  readonly range: number;
}

/** A person's mouse on the cameras page: handles, corners, drags. Pixels are of the page. */
export class DeskHands {
  constructor(private readonly page: Page) {}

  /** The aim as the fields of the form tell it. */
  async aim(): Promise<AimSeen> {
    const [bearing, angle, range] = await Promise.all(
      ['Rumbo', 'Ángulo', 'Alcance'].map(async (name) =>
        Number(await this.page.getByRole('spinbutton', { name }).inputValue()),
      ),
    );
    return { bearing: bearing!, angle: angle!, range: range! };
  }

  /** Fields follow a key when the page has drawn again. */
  async aimIs(wanted: AimSeen): Promise<void> {
    await until(`the aim ${JSON.stringify(wanted)}`, 3_000, async () => {
      return JSON.stringify(await this.aim()) === JSON.stringify(wanted);
    });
  }

  async centreOf(element: Locator): Promise<{ x: number; y: number }> {
    const box = await element.boundingBox();
    if (!box) throw new Error('it is not on the page');
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  /** Takes the handle that the selector names by its middle. */
  async drag(handle: string, dx: number, dy: number): Promise<void> {
    const { x, y } = await this.centreOf(this.page.locator(handle));
    await this.pull(x, y, dx, dy);
  }

  async pull(x: number, y: number, dx: number, dy: number): Promise<void> {
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x + dx, y + dy, { steps: 8 });
    await this.page.mouse.up();
  }

  /** Points of the map, given from its middle. */
  async around(points: readonly (readonly [number, number])[]): Promise<[number, number][]> {
    const { x, y } = await this.centreOf(this.page.locator('.leaflet-container'));
    return points.map(([dx, dy]) => [x + dx, y + dy]);
  }

  async click(x: number, y: number): Promise<void> {
    await this.page.mouse.move(x, y, { steps: 4 });
    await this.page.mouse.click(x, y);
  }
}
