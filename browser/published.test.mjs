// A public site: people read its pages, and its document is shown without an error.
import assert from 'node:assert/strict';
import { stage } from './kit.mjs';
import { PUBLISHED } from './site.mjs';

const { flow } = stage({ signedIn: false, site: PUBLISHED, frontend: { mount: '/' } });

flow('swagger shows the document', async ({ page, go }) => {
  await go('/docs/swagger');
  await page.getByText('Packages').first().waitFor();
  await page.getByText('A page of rows').first().waitFor();
});

flow('links lead from page to page', async ({ page, go }) => {
  await go('/api/v4/');
  await page.getByRole('link', { name: /\/api\/v4\/grids\// }).click();
  await page.getByRole('link', { name: /\/api\/v4\/packages\/\d+\// }).first().click();
  await page.waitForURL(/\/api\/v4\/packages\/\d+\//);
  assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
});
