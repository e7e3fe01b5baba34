// Lists: what there is, finding rows, changing many at once.
import assert from 'node:assert/strict';
import { row, stage, until } from './kit.mjs';

const { flow } = stage();

/** The texts of a column, by its heading. */
async function column(page, heading) {
  const headings = await page.getByRole('columnheader').allInnerTexts();
  const at = headings.findIndex((text) => text.replace(/[▲▼\s]+$/, '') === heading);
  assert.ok(at >= 0, `a column '${heading}' among ${headings}`);
  return page.locator(`tbody tr td:nth-child(${at + 1})`).allInnerTexts();
}

/** Waits until a list shows so many rows in all. */
const counted = (page, count) => page.getByText(new RegExp(`^${count} (of \\d+ )?(object|result)`)).first().waitFor();

flow('the first page shows every application with its models', async ({ page, go }) => {
  await go('');
  const main = page.getByRole('main');
  await main.getByRole('heading', { name: 'Welcome' }).waitFor();
  for (const title of ['Authentication and Authorization', 'Shop']) {
    await main.getByRole('heading', { name: title, level: 2, exact: true }).waitFor();
  }
  const models = ['Groups', 'Users', 'Activity logs', 'Categories', 'Customers', 'Order lines', 'Orders',
    'Product details', 'Product images', 'Products', 'Settings', 'Suppliers', 'Tags'];
  for (const model of models) await main.getByRole('heading', { name: model, exact: true }).waitFor();
  await main.getByRole('link', { name: /^Products/ }).click();
  await page.getByRole('heading', { name: 'Products', level: 1 }).waitFor();
});

flow('a list has the columns of its model and its first page', async ({ page, go }) => {
  await go('shop/product');
  await counted(page, 200);
  await page.getByText('Page 1 of 10').waitFor();
  assert.equal(await page.locator('tbody tr').count(), 20);
  const first = row(page, 'ANV-0000');
  for (const text of ['Amber Anvil', 'Stationery', '358']) await first.getByText(text).first().waitFor();
  await first.getByRole('img', { name: 'Yes' }).waitFor();
  assert.equal(await first.getByRole('textbox', { name: 'price for row 1' }).inputValue(), '457.90');
  await row(page, 'ANV-0001').getByText('Jan 2, 2023').waitFor();
});

flow('a search leaves what it finds', async ({ page, go }) => {
  await go('shop/product');
  await counted(page, 200);
  await page.getByText('Name, SKU prefix, exact status, category or tag').waitFor();
  await page.getByRole('textbox', { name: 'Search' }).fill('amber');
  await page.waitForURL(/[?&]q=amber/);
  await until(async () => {
    const names = await column(page, 'name');
    assert.ok(names.length > 0 && names.every((name) => name.startsWith('Amber ')), `${names}`);
  });
  await page.getByRole('textbox', { name: 'Search' }).fill('no such thing');
  await page.waitForURL(/no(\+|%20)such/);
  await row(page, 'Amber').first().waitFor({ state: 'detached' });
  assert.equal(await row(page, 'ANV-').count(), 0);
});

flow('a filter leaves what it says', async ({ page, go, rows }) => {
  await go('shop/product');
  await counted(page, 200);
  await page.getByRole('button', { name: 'status', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Published' }).click();
  await page.waitForURL(/status=published|status__exact=published/);
  const published = rows(`select count(*) from shop_product where status = 'published'`)?.[0][0] ?? 67;
  await counted(page, published);
  await page.getByRole('button', { name: 'stock level' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Below 50' }).click();
  await page.waitForURL(/stock_level=low/);
  await row(page, 'ANV-0001').waitFor({ state: 'detached' });
  const stocks = await column(page, 'stock');
  assert.ok(stocks.length > 0 && stocks.every((stock) => Number(stock) < 50), `${stocks}`);
});

flow('a heading sorts, up and down', async ({ page, go }) => {
  await go('shop/product');
  await counted(page, 200);
  const heading = page.getByRole('columnheader', { name: 'stock', exact: false }).filter({ hasNotText: 'in stock' });
  for (const [url, sorted] of [[/ordering=stock/, (a, b) => a - b], [/ordering=-stock/, (a, b) => b - a]]) {
    const answer = page.waitForResponse((reply) => url.test(reply.url()));
    await heading.click();
    await page.waitForURL(url);
    await (await answer).finished();
    // The answer is here; its rows are drawn a moment later.
    await until(async () => {
      const stocks = (await column(page, 'stock')).map(Number);
      assert.deepEqual(stocks, [...stocks].sort(sorted));
    });
  }
});

flow('the next page has other rows', async ({ page, go }) => {
  await go('shop/product');
  await counted(page, 200);
  await page.getByRole('button', { name: 'Next →' }).click();
  await page.getByText('Page 2 of 10').waitFor();
  await row(page, 'ANV-0000').waitFor({ state: 'detached' });
  assert.equal(await page.locator('tbody tr').count(), 20);
  await page.getByRole('button', { name: '← Prev' }).click();
  await row(page, 'ANV-0000').waitFor();
});

flow('a cell is changed in the list', async ({ page, go, rows }) => {
  await go('shop/category');
  await page.getByRole('textbox', { name: 'position for row 6' }).fill('61');
  await page.getByText('1 row with unsaved edits.').waitFor();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('1 row with unsaved edits.').waitFor({ state: 'detached' });
  await page.reload();
  await row(page, 'Travel').waitFor();
  assert.equal(await page.getByRole('textbox', { name: 'position for row 6' }).inputValue(), '61');
  assert.deepEqual(rows('select position from shop_category where id = 6') ?? [[61]], [[61]]);
});

flow('a cell that cannot be is told', async ({ page, go, rows }) => {
  await go('shop/category');
  await page.getByRole('textbox', { name: 'position for row 7' }).fill('many');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('1 row(s) failed — nothing was saved.').waitFor();
  await page.getByText('1 row with unsaved edits.').waitFor();
  assert.deepEqual(rows('select position from shop_category where id = 7') ?? [[6]], [[6]]);
});

flow('an action runs on the rows that were chosen', async ({ page, go, rows }) => {
  await go('shop/supplier');
  await row(page, 'Brisk Supply Co').getByRole('checkbox').check();
  await row(page, 'Dusky Supply Co').getByRole('checkbox').check();
  await page.getByRole('button', { name: /^Actions · 2/ }).click();
  await page.getByRole('menuitem', { name: 'Deactivate selected suppliers' }).click();
  await page.getByText('2 deactivated.').waitFor();
  const found = rows(`select active from shop_supplier where name in ('Brisk Supply Co', 'Dusky Supply Co')`);
  assert.deepEqual(found ?? [[0], [0]], [[0], [0]]);
});

flow('an action that deletes asks before', async ({ page, go, rows }) => {
  await go('shop/tag');
  await row(page, 'limited').getByRole('checkbox').check();
  const choose = async () => {
    await page.getByRole('button', { name: /^Actions · 1/ }).click();
    await page.getByRole('menuitem', { name: 'Delete selected tags' }).click();
  };
  await choose();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await row(page, 'limited').waitFor();
  await choose();
  await dialog.getByRole('button').last().click();
  await row(page, 'limited').waitFor({ state: 'detached' });
  assert.deepEqual(rows(`select count(*) from shop_tag where name = 'limited'`) ?? [[0]], [[0]]);
});
