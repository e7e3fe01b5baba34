// Rows: made, seen, changed, deleted, remembered.
import assert from 'node:assert/strict';
import { row, stage } from './kit.mjs';

const { flow } = stage();

const title = (page, name) => page.getByRole('heading', { name, level: 1 });
const save = (page) => page.getByRole('button', { name: 'Save', exact: true }).first();

/** Saves a form and waits for the answer: the button is gone before, and who leaves too early takes the request back. */
async function saved(page, button = save(page)) {
  const answer = page.waitForResponse((reply) => ['POST', 'PATCH'].includes(reply.request().method()) && reply.ok());
  await button.click();
  await answer;
}

async function edit(page) {
  await page.getByRole('button', { name: 'Edit' }).click();
  await save(page).waitFor();
}

flow('a row is opened, changed and saved', async ({ page, go, rows }) => {
  await go('shop/product?q=ANV-0004');
  await page.getByRole('link', { name: 'Eager Anvil' }).click();
  await title(page, 'Eager Anvil (ANV-0004)').waitFor();
  await page.getByRole('term').filter({ hasText: 'price' }).waitFor();
  await edit(page);
  await page.getByLabel(/^name/).fill('Eager Anvil II');
  await page.getByLabel(/^price/).fill('333.50');
  await page.getByRole('radio', { name: 'Archived' }).check();
  await page.getByLabel('is featured').check();
  await saved(page);
  await go('shop/product/5');
  await title(page, 'Eager Anvil II (ANV-0004)').waitFor();
  await page.getByText('333.50').waitFor();
  const found = rows('select name, price, status, is_featured, stock from shop_product where id = 5');
  if (found) assert.deepEqual(found, [['Eager Anvil II', 333.5, 'archived', 1, 39]]);
});

flow('a value that cannot be is told beside its field', async ({ page, go, watch, rows }) => {
  watch.expects(/^400 PATCH .*\/shop\/product\/2\/$/);
  await go('shop/product/2');
  await edit(page);
  await page.getByLabel(/^SKU/).fill('nonsense');
  await save(page).click();
  await page.getByText('SKU must look like ABC-0001.').waitFor();
  await page.getByLabel(/^SKU/).fill('ANV-0000');
  await save(page).click();
  await page.getByText('Product with this SKU already exists.').waitFor();
  assert.deepEqual(rows('select sku from shop_product where id = 2') ?? [['ANV-0001']], [['ANV-0001']]);
  await page.getByLabel(/^SKU/).fill('ANV-9001');
  await saved(page);
  await page.getByText('Product with this SKU already exists.').waitFor({ state: 'detached' });
  await page.getByText('ANV-9001').first().waitFor();
});

flow('a row is made', async ({ page, go, watch, rows }) => {
  watch.expects(/^400 POST .*\/shop\/category\/$/);
  await go('shop/category');
  await page.getByRole('link', { name: '+ Category' }).click();
  await title(page, 'Add Category').waitFor();
  await page.getByLabel(/^name/).fill('Board Games');
  await page.getByLabel(/^slug/).fill('garden');
  await page.getByLabel(/^position/).fill('9');
  const add = page.getByRole('button', { name: 'Add', exact: true }).first();
  await add.click();
  await page.getByText('Category with this Slug already exists.').waitFor();
  await page.getByLabel(/^slug/).fill('board-games');
  await saved(page, add);
  await go('shop/category?q=board');
  await row(page, 'Board Games').waitFor();
  const found = rows(`select name, slug, position, parent_id from shop_category where slug = 'board-games'`);
  assert.deepEqual(found ?? [['Board Games', 'board-games', 9, null]], [['Board Games', 'board-games', 9, null]]);
});

flow('rows inside a row are changed, added and removed', async ({ page, go, rows }) => {
  await go('shop/product/3');
  await edit(page);
  const images = page.getByRole('table').filter({ hasText: 'caption' }).getByRole('row');
  await images.nth(1).getByRole('textbox').nth(1).fill('Front');
  await images.nth(2).getByRole('checkbox', { name: 'remove' }).check();
  const blank = images.last();
  await blank.getByRole('textbox').nth(0).fill('https://img.example/new.jpg');
  await blank.getByRole('textbox').nth(1).fill('Back');
  await blank.getByRole('spinbutton').fill('7');
  await saved(page);
  await go('shop/product/3');
  for (const caption of ['Front', 'Back']) await page.getByRole('cell', { name: caption, exact: true }).waitFor();
  const found = rows('select caption, position from shop_productimage where product_id = 3 order by position');
  assert.deepEqual(found ?? [['Front', 0], ['Back', 7]], [['Front', 0], ['Back', 7]]);
});

flow('a delete shows what goes with it', async ({ page, go, rows }) => {
  await go('shop/customer?q=a');
  const [[pk, name, orders, lines]] = rows(`select c.id, c.first_name || ' ' || c.last_name, count(distinct o.number),
    count(l.id) from shop_customer c join shop_order o on o.customer_id = c.id join shop_orderline l
    on l.order_id = o.number group by c.id order by c.id limit 1`) ?? [[1, null, null, null]];
  await go(`shop/customer/${pk}`);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete object' });
  await dialog.getByText('Are you sure you want to delete').waitFor();
  await dialog.getByText('This will also delete:').waitFor();
  const said = await dialog.getByRole('listitem').allInnerTexts();
  if (name) {
    await dialog.getByText(name).waitFor();
    assert.deepEqual([...said].sort(), ['1 customers', `${lines} order lines`, `${orders} orders`].sort());
  }
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await title(page, 'Customers').waitFor();
  const left = rows(`select (select count(*) from shop_customer where id = ?), (select count(*) from shop_order
    where customer_id = ?)`, pk, pk);
  assert.deepEqual(left ?? [[0, 0]], [[0, 0]]);
});

flow('a row remembers what was done to it', async ({ page, go }) => {
  await go('shop/tag/2');
  await edit(page);
  await page.getByLabel(/^name/).fill('renamed');
  await saved(page);
  await go('shop/tag/2');
  await title(page, 'renamed').waitFor();
  await page.getByRole('button', { name: 'History' }).click();
  const dialog = page.getByRole('dialog', { name: 'History' });
  await dialog.getByRole('listitem').filter({ hasText: 'Changed Name.' }).filter({ hasText: 'root' }).waitFor();
});
