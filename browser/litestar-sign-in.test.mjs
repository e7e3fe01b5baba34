// Litestar's front end: somebody comes, is let in or not, and goes.
import assert from 'node:assert/strict';
import { LITESTAR, signInByMail, stage } from './kit.mjs';

const { flow } = stage({ frontend: LITESTAR, signedIn: false });
/** Who has not signed in yet is asked to, by refusals. */
const STRANGER = /^401 GET \/admin\/api\//;

const token = (page) => page.evaluate(() => localStorage.getItem('admin_access_token'));
const title = (page, name) => page.getByRole('heading', { name, level: 1 });

flow('who gives a wrong password is told so and stays outside', async ({ page, go, watch }) => {
  watch.expects(STRANGER, /^401 POST \/admin\/api\/auth\/login$/);
  await go('');
  await title(page, 'Shop Admin').waitFor();
  await signInByMail(page, 'root@example.com', 'wrong-horse-9');
  await page.getByText('Invalid email or password. Please try again.').waitFor();
  assert.equal(await token(page), null);
});

flow('a page that was asked for is shown after the sign-in', async ({ page, go, watch }) => {
  watch.expects(STRANGER);
  await go('audit');
  await signInByMail(page, 'viewer@example.com');
  await title(page, 'Audit Log').waitFor();
});

flow('who signs out is a stranger again', async ({ page, go, watch }) => {
  watch.expects(STRANGER);
  await go('');
  await signInByMail(page, 'root@example.com');
  await title(page, 'Dashboard').waitFor();
  const old = await token(page);
  await page.getByRole('banner').getByRole('button', { name: 'root' }).click();
  const answer = page.waitForResponse((reply) => reply.url().endsWith('/api/auth/logout') && reply.ok());
  await page.getByRole('menuitem', { name: 'Logout' }).click();
  await answer;
  await page.getByLabel('Password').waitFor();
  assert.ok(old, 'there was a token');
  assert.equal(await token(page), null);
  await go('users');
  await page.getByLabel('Password').waitFor();
});

flow('somebody with few rights is told what is missing', async ({ page, go, watch }) => {
  watch.expects(STRANGER, /^403 DELETE \/admin\/api\/models\/tag\/1$/);
  await go('');
  await signInByMail(page, 'viewer@example.com');
  await title(page, 'Dashboard').waitFor();
  await go('models/tag/1');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText(`Permission 'models:delete' required`).waitFor();
});

flow('a token that no longer holds is renewed unnoticed', async ({ page, go, watch }) => {
  watch.expects(STRANGER);
  await go('');
  await signInByMail(page, 'viewer@example.com');
  await title(page, 'Dashboard').waitFor();
  await page.evaluate(() => localStorage.setItem('admin_access_token', 'it.no.longer-holds'));
  await go('models/tag');
  await page.getByRole('row').filter({ hasText: 'vintage' }).waitFor();
  assert.match(await token(page), /^ey/);
});
