// Somebody comes, is let in or not, and goes.
import assert from 'node:assert/strict';
import { PASSWORD, signIn, stage } from './kit.mjs';

const { flow } = stage({ signedIn: false });
/** Who has not signed in yet is asked to, by a refusal. */
const STRANGER = /^40[13] GET .*\/api\/v1\/registry\/$/;

flow('who gives a wrong password is told so and stays outside', async ({ page, go, watch, context }) => {
  watch.expects(STRANGER, /^403 POST .*\/api\/v1\/login\/$/);
  await go('');
  await signIn(page, 'root', 'wrong-horse-9');
  await page.getByText('Invalid credentials or insufficient permissions.').waitFor();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  const cookies = await context.cookies();
  assert.ok(!cookies.some((cookie) => cookie.name === 'sessionid'));
});

flow('somebody who is no staff stays outside', async ({ page, go, watch }) => {
  watch.expects(STRANGER, /^403 POST .*\/api\/v1\/login\/$/);
  await go('');
  await signIn(page, 'plain');
  await page.getByText('Invalid credentials or insufficient permissions.').waitFor();
});

flow('a page that was asked for is shown after the sign-in', async ({ page, go, watch }) => {
  watch.expects(STRANGER, /^40[13] GET .*\/api\/v1\/shop\/tag\/$/);
  await go('shop/tag');
  await signIn(page, 'root', PASSWORD);
  await page.getByRole('heading', { name: 'Tags', level: 1 }).waitFor();
});

flow('who signs in sees the models, and who signs out does not', async ({ page, go, watch, context }) => {
  watch.expects(STRANGER);
  await go('');
  await signIn(page, 'root');
  await page.getByRole('heading', { name: 'Welcome' }).waitFor();
  const session = (await context.cookies()).find((cookie) => cookie.name === 'sessionid');
  assert.ok(session?.httpOnly, 'scripts cannot read the session');
  await page.getByRole('button', { name: 'Root User' }).click();
  await page.getByText('Signed in as').waitFor();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByLabel('Password').waitFor();
  assert.ok(!(await context.cookies()).some((cookie) => cookie.name === 'sessionid'));
  await go('shop/tag');
  watch.expects(/^40[13] GET .*\/api\/v1\/shop\/tag\/$/);
  await page.getByLabel('Password').waitFor();
});

flow('somebody with few rights sees little', async ({ page, go, watch }) => {
  watch.expects(STRANGER);
  await go('');
  await signIn(page, 'viewer');
  const menu = page.getByRole('navigation');
  await menu.getByRole('link', { name: 'Products' }).waitFor();
  await menu.getByRole('link', { name: 'Products' }).click();
  await page.getByRole('heading', { name: 'Products', level: 1 }).waitFor();
  await page.getByRole('row').nth(1).waitFor();
  assert.equal(await page.getByRole('link', { name: '+ Product' }).count(), 0);
});
