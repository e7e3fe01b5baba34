// What all flows share: a browser, a person who signed in, and a watch over everything that goes wrong on a page.
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { start } from './site.mjs';

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
/** Everything here is on one machine; what takes longer than this never comes. */
const PATIENCE = Number(process.env.BROWSER_PATIENCE ?? 20_000);

export const PASSWORD = 'correct-horse-9';

/** The front ends: where each is, how root signs in there, and the title of the page that then comes. */
const DJANGO = { mount: '/admin2/', enter: (page) => signIn(page, 'root'), welcome: 'Welcome' };
export const LITESTAR = {
  mount: '/admin/', enter: (page) => signInByMail(page, 'root@example.com'), welcome: 'Dashboard',
};

/** Prepares a site and a browser for the flows of a file, each of which gets a page of its own. */
export function stage({ signedIn = true, frontend = DJANGO, site } = {}) {
  const props = {};
  let browser;
  before(async () => {
    props.site = await start(frontend.mount, site);
    browser = await chromium.launch({
      executablePath: process.env.BROWSER_CHROMIUM ?? '/usr/bin/chromium',
      args: FLAGS,
    });
    if (signedIn) await signInOnce();
  });
  after(async () => {
    await browser?.close();
    await props.site?.stop();
  });

  async function open(state) {
    const context = await browser.newContext({
      viewport: { width: 1600, height: 1000 }, locale: 'en-US', timezoneId: 'UTC', storageState: state,
    });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    return { page, context, watch: new Watch(page) };
  }

  async function signInOnce() {
    const { page, context } = await open();
    await page.goto(props.site.base);
    await frontend.enter(page);
    await page.getByRole('heading', { name: frontend.welcome }).waitFor();
    props.state = await context.storageState();
    await context.close();
  }

  /** One flow: what somebody does, and what they see. */
  function flow(name, steps) {
    test(name, async () => {
      const { page, context, watch } = await open(props.state);
      const rows = props.site.rows;
      const go = (path) => page.goto(new URL(path, props.site.base).href);
      try {
        await steps({ page, go, rows, watch, context });
        watch.isQuiet();
      } catch (error) {
        const picture = join(mkdtempSync(join(tmpdir(), 'factotum-picture-')), 'page.png');
        await page.screenshot({ path: picture, fullPage: true }).catch(() => {});
        error.message += `\n(at ${page.url()}, picture: ${picture}${watch.words()})`;
        throw error;
      } finally {
        await context.close();
      }
    });
  }
  return { flow };
}

/** Fills in the form of the sign-in page and sends it. */
export async function signIn(page, name, password = PASSWORD) {
  await page.getByLabel('Username').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** The same with the form that asks for an address of mail. */
export async function signInByMail(page, address, password = PASSWORD) {
  await page.getByLabel('Email address').fill(address);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** The row of a table that shows a text. */
export const row = (page, text) => page.getByRole('row').filter({ hasText: text });

/** Repeats a check until it holds, or time is up. */
export async function until(check) {
  for (const end = Date.now() + PATIENCE; ;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** What was asked of the API, and every complaint of a page: refusals, failures, errors that the console shows. */
class Watch {
  constructor(page) {
    this.complaints = [];
    this.allowed = [];
    page.on('pageerror', (error) => this.hears(`error: ${error.message}`));
    page.on('console', (line) => {
      // The browser repeats each refused request in the console; those are judged as requests.
      const isRepeated = line.text().startsWith('Failed to load resource');
      if (['error', 'warning'].includes(line.type()) && !isRepeated) this.hears(`console: ${line.text()}`);
    });
    page.on('requestfailed', (request) => {
      // A page that is left stops asking.
      const why = request.failure()?.errorText;
      if (why !== 'net::ERR_ABORTED') this.hears(`failed: ${request.url()}: ${why}`);
    });
    page.on('response', (response) => {
      const told = `${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`;
      if (response.status() >= 400) this.hears(told);
    });
  }

  hears(complaint) {
    if (!this.allowed.some((pattern) => pattern.test(complaint))) this.complaints.push(complaint);
  }

  /** Complaints that belong to the flow, as `403 POST /admin2/api/v1/login/`. */
  expects(...patterns) {
    this.allowed.push(...patterns);
  }

  isQuiet() {
    assert.deepEqual(this.complaints, []);
  }

  words() {
    return this.complaints.length ? `; ${this.complaints.join('; ')}` : '';
  }
}
