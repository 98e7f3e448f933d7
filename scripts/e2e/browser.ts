import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** Debian's Chromium without its own conversations with the outside. As root it needs `--no-sandbox`. */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing: apt-get install chromium`);
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
    ],
  });
}

/** Signs in through the page, as a person does. */
export async function signIn(page: Page, url: string, login: { username: string; password: string }): Promise<void> {
  await page.goto(url);
  await page.locator('input[autocomplete="username"]').fill(login.username);
  await page.locator('input[autocomplete="current-password"]').fill(login.password);
  await page.locator('button[type="submit"]').click();
  await page.locator('input[autocomplete="current-password"]').waitFor({ state: 'detached' });
}
