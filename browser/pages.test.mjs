// The documentation pages: every viewer shows the document of a contract, and nothing comes from elsewhere.
import assert from 'node:assert/strict';
import { stage } from './kit.mjs';

const { flow } = stage();

const DOCUMENTS = [['/schema', 'Litestar API', 'Authentication'], ['/conjure-docs', 'Shop', 'auth']];

for (const viewer of ['swagger', 'redoc', 'elements', 'rapidoc']) {
  for (const [pages, words, group] of DOCUMENTS) {
    flow(`${viewer} shows the document at ${pages}`, async ({ page, go, watch }) => {
      // What a library of Elements has to tell its programmers.
      watch.expects(/^console: .*React Router Future Flag Warning/);
      const elsewhere = [];
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith('http') && url.hostname !== '127.0.0.1') elsewhere.push(url.href);
      });
      await go(`${pages}/${viewer}`);
      await page.getByText(words).first().waitFor();
      if (viewer === 'elements') await page.getByText(group, { exact: true }).first().click();
      await page.getByText('Sign in').first().waitFor({ state: 'attached' });
      assert.deepEqual(elsewhere, []);
    });
  }
}

flow('a page says which operations there are', async ({ page, go }) => {
  await go('/schema');
  await page.getByText('/admin/api/auth/login').first().waitFor();
  await page.getByText('User Management').first().waitFor();
});

flow('the document of Django\'s admin, which has every model in it, is shown too', async ({ page, go }) => {
  await go('/django-docs/swagger');
  await page.getByText('auth.Group').first().waitFor();
  await page.getByText('(groups)').first().waitFor();
});
