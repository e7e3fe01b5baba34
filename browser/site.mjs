// A site to test: a program of ours on a fresh database and a free port, or one that runs already.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const python = (...words) => execFileSync('python3', [here('database.py'), ...words], { encoding: 'utf8' });

/** The shop with all its doors. */
const SHOP = { seed: '../examples/shop/seed/shop.sqlite.sql', program: () => process.env.BROWSER_PROGRAM, words: [] };
/** A public site that is nothing but a file, for the plain program that is built beside the shop's. */
export const PUBLISHED = {
  seed: '../examples/packages/seed/packages.sql',
  program: () => join(dirname(process.env.BROWSER_PROGRAM), 'factotum'),
  words: ['--config', here('../examples/packages/factotum.toml')],
  env: { FACTOTUM__CONTRACTS__PACKAGES__DOCS: '/docs' },
};

/** Starts the site that the environment describes, for the front end at `mount`; README.md says how. */
export async function start(mount, site = SHOP) {
  const { BROWSER_BASE: base, BROWSER_DATABASE: database } = process.env;
  if (base && site === SHOP) return { base, rows: asking(database), stop: async () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'factotum-browser-'));
  const file = join(folder, 'shop.sqlite3');
  python('make', file, here(site.seed));
  const port = await freePort();
  const server = serve(site, port, file, folder);
  const stop = async () => {
    server.kill('SIGTERM');
    await server.ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answers(`http://127.0.0.1:${port}/readyz`, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { base: `http://127.0.0.1:${port}${mount}`, rows: asking(file), stop };
}

function serve(site, port, file, folder) {
  const words = ['serve', ...site.words, '--listen', `127.0.0.1:${port}`, '--database', `sqlite:${file}`];
  const env = site.env ? { ...process.env, ...site.env } : {
    ...process.env,
    FACTOTUM__CONTRACTS__DJANGO_ADMIN__FRONTEND: process.env.BROWSER_FRONTENDS,
    FACTOTUM__CONTRACTS__LITESTAR__FRONTEND: process.env.BROWSER_FRONTENDS,
    FACTOTUM__CONTRACTS__LITESTAR__QUERY_TOKENS: 'true',
    FACTOTUM__SITE__MEDIA_ROOT: folder,
    FACTOTUM__CONTRACTS__CONJURE__DOCS: '/conjure-docs',
    FACTOTUM__CONTRACTS__DJANGO_ADMIN__DOCS: '/django-docs',
  };
  const server = spawn(site.program(), words, { env, cwd: here('..'), stdio: ['ignore', 'pipe', 'pipe'] });
  server.said = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream.on('data', (text) => { server.said = (server.said + text).slice(-20_000); });
  }
  server.ended = new Promise((resolve) => {
    server.once('exit', resolve);
    server.once('error', resolve);
  });
  return server;
}

async function answers(url, server) {
  let ended = false;
  server.ended.then(() => { ended = true; });
  for (const end = Date.now() + 60_000; Date.now() < end && !ended;) {
    const reply = await fetch(url).catch(() => null);
    if (reply?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the site does not answer:\n${server.said}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Questions to the database itself; `null` where nobody said which it is. */
function asking(file) {
  return (sql, ...words) => (file ? JSON.parse(python('ask', file, sql, ...words.map(String))) : null);
}
